/** Which statuses of a test count, and which are final. The list of statuses is open: unknown ones are neither. */

/** The default test filter of analytics and report (contracts, section 1). */
export const executedStatuses = ['running', 'locked', 'archived', 'customer_finalized'] as const

/** True when the bugs of the test can no longer change (API reference 5.2). */
export function isFinalStatus(status: string): boolean {
  return status === 'archived' || status === 'cancelled'
}

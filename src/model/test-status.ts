/** Which statuses of a test count, and which are final. The list of statuses is open: unknown ones are neither. */

/** The default test filter of analytics and report (contracts, section 1). */
export const executedStatuses = ['running', 'locked', 'archived', 'customer_finalized'] as const

/** The bugs of these tests can no longer change (API reference 5.2). */
export const finalStatuses: readonly string[] = ['archived', 'cancelled']

export function isFinalStatus(status: string): boolean {
  return finalStatuses.includes(status)
}

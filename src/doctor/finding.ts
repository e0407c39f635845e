/** What one check of the doctor found, as data that survives JSON: what is so, and when it is not in order, why and what to do. */
import { isTidemarkError } from '../errors.ts'

/** In the order in which they are told. */
export const areas = ['versions', 'configuration', 'database', 'derived_data', 'sync', 'api', 'mcp'] as const
export type Area = (typeof areas)[number]

/** `warning`: answers can be trusted for what they say they are; `failed`: something does not work, or is wrong. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped'

export interface Finding {
  readonly area: Area
  /** For programs: the same for the same check in every version. */
  readonly name: string
  readonly status: Verdict
  readonly what: string
  /** Null when it is ok. */
  readonly why: string | null
  /** Null when there is nothing to do about it. */
  readonly next: string | null
}

/** The check of one name, which says what it found. */
export interface Check {
  ok(what: string): Finding
  warning(what: string, why: string, next: string): Finding
  failed(what: string, why: string, next: string): Finding
  skipped(what: string, why: string, next?: string): Finding
  /** What a broken check is: failed, for the reason that the error gives. Skipped when the database was only busy. */
  broken(what: string, error: unknown): Finding
}

export function check(area: Area, name: string): Check {
  const finding = (status: Verdict) => (what: string, why: string | null = null, next: string | null = null): Finding => ({ area, name, status, what, why, next })
  return {
    ok: finding('ok'),
    warning: finding('warning'),
    failed: finding('failed'),
    skipped: finding('skipped'),
    broken(what, error) {
      if (!isTidemarkError(error)) return finding('failed')(what, 'An unexpected error came up.', 'Run it again with --log-level debug, and report what that shows.')
      if (error.code === 'aborted') throw error
      return finding(error.code === 'storage_busy' ? 'skipped' : 'failed')(what, error.why, error.next)
    },
  }
}

/** Runs a check that may throw. */
export async function found(broken: (error: unknown) => Finding, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    return broken(error)
  }
}

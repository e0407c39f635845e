/** What a lint says, as data. */
export type Severity = 'error' | 'warning' | 'notice'

/** An operation that may fail, lock or destroy, and what to do instead. */
export interface Finding {
  /** Id of the rule, in kebab-case; what an excuse names. */
  readonly rule: string
  /** `error`: it will fail, or destroy what is there. `warning`: it may. `notice`: something to know. */
  readonly severity: Severity
  readonly revision: string
  /** One line: the operation and the names of what it changes, never values. */
  readonly operation: string
  readonly why: string
  /** What to do instead. */
  readonly safer: string
}

/** A finding that the source of the revision excuses. */
export interface ExcusedFinding extends Finding {
  readonly reason: string
}

/** What was found, and what the sources excuse. */
export interface LintResult {
  /** In the order of revisions and operations. */
  readonly findings: readonly Finding[]
  readonly excused: readonly ExcusedFinding[]
}

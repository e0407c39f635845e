/**
 * Says what of some revisions destroys data, fails, makes others wait or breaks older programs, before they are run.
 * Reads the live database where one is given, and changes nothing anywhere.
 */
import type { NamingConvention } from '../../schema/table.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'
import type { Revision } from '../revision.ts'
import { type Excuse, excuseFinding, excusesIn, isAbout } from './excuses.ts'
import type { ExcusedFinding, Finding, LintResult } from './finding.ts'
import { type Found, notReadable, startLintPass } from './lint-pass.ts'
import { rules } from './registry.ts'
import { type TableSizes, tableSizes } from './table-sizes.ts'

export interface LintOptions {
  readonly dialect: Dialect
  /** Default `upgrade`. */
  readonly direction?: 'upgrade' | 'downgrade' | undefined
  readonly naming?: NamingConvention | undefined
  /** Rows of the tables before the revisions run. Default those of `live`; a table that nobody knows counts as large. */
  readonly sizes?: TableSizes | undefined
  /** The database that the revisions are meant for, at the place where they begin. It is only read. */
  readonly live?: (Queryable & { readonly dialect: Dialect }) | undefined
  /** Revisions that are applied already, in their order: without `live` they tell which tables are there, and their types. */
  readonly earlier?: readonly Revision[] | undefined
}

export interface LintRevisionOptions extends LintOptions {
  /** Text of the revision file, for its excuses. */
  readonly source?: string | undefined
}

export interface LintRevisionsOptions extends LintOptions {
  /** Text of each revision file, for its excuses. */
  readonly sourceOf?: ((revision: Revision) => string | undefined) | undefined
}

/**
 * @example
 * const { findings } = await lintRevision(revision, { dialect: 'postgres', live: storage })
 * const mayRun = findings.every((finding) => finding.severity !== 'error')
 *
 * @throws TypeError when `live` is of another dialect
 */
export async function lintRevision(revision: Revision, { source, ...options }: LintRevisionOptions): Promise<LintResult> {
  return lintRevisions([revision], { ...options, sourceOf: () => source })
}

/**
 * Several revisions in the order in which they would run: what one of them makes is new to those after it.
 *
 * @throws TypeError when `live` is of another dialect
 */
export async function lintRevisions(revisions: readonly Revision[], options: LintRevisionsOptions): Promise<LintResult> {
  const { dialect, live, naming, earlier, direction = 'upgrade', sourceOf } = options
  if (live !== undefined && live.dialect !== dialect) throw new TypeError(`Cannot lint for ${dialect} with a live database of ${live.dialect}`)
  const pass = { dialect, direction, naming, live, earlier, rules, sizes: options.sizes ?? (live && (await tableSizes(live))) }
  const read = await startLintPass({ ...pass, knowsRows: true })
  // An excuse is no less needed because the database of today is empty.
  const imagine = await startLintPass({ ...pass, knowsRows: false })
  const findings: Finding[] = []
  const excused: ExcusedFinding[] = []
  for (const revision of revisions) {
    const found = await read(revision)
    const imaginable = [...found, ...(await imagine(revision))]
    const source = sourceOf?.(revision)
    const excuses = source === undefined ? [] : excusesIn(source, direction)
    for (const one of found) {
      const excuse = excuses.find((candidate) => candidate.reason !== '' && covers(candidate, one))
      if (excuse === undefined) findings.push(one.finding)
      else excused.push({ ...one.finding, reason: excuse.reason })
    }
    findings.push(...excuses.flatMap((excuse) => uselessExcuse(excuse, imaginable, revision, dialect)))
  }
  return { findings, excused }
}

function covers(excuse: Excuse, found: Found): boolean {
  return excuse.rule === found.finding.rule && isAbout(excuse, found)
}

function uselessExcuse(excuse: Excuse, imaginable: readonly Found[], { id }: Revision, dialect: Dialect): readonly Finding[] {
  const rule = rules.find((candidate) => candidate.id === excuse.rule)
  if (rule === undefined && excuse.rule !== notReadable && excuse.rule !== '') return [excuseFinding('excuse-unknown-rule', excuse, id)]
  if (excuse.reason === '') return [excuseFinding('excuse-without-reason', excuse, id)]
  // It may be needed where the rule applies.
  if (rule?.dialect !== undefined && rule.dialect !== dialect) return []
  return imaginable.some((found) => covers(excuse, found)) ? [] : [excuseFinding('excuse-unused', excuse, id)]
}

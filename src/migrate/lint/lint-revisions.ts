/**
 * Says what of some revisions destroys data, fails, makes others wait or breaks older programs, before they are run.
 * Reads the live database where one is given, and changes nothing anywhere.
 */
import type { Dialect } from '../../storage/storage.ts'
import type { Revision } from '../revision.ts'
import { type Excuse, excuseFinding, excusesIn, isAbout } from './excuses.ts'
import type { ExcusedFinding, Finding, LintResult } from './finding.ts'
import { type Found, type LintOptions, notReadable, startLintPass, startOf } from './lint-pass.ts'
import { rules } from './registry.ts'

export type { LintOptions } from './lint-pass.ts'

/** What a lint of one revision takes. */
export interface LintRevisionOptions extends LintOptions {
  /** Text of the revision file, for its excuses. */
  readonly source?: string | undefined
}

/** What a lint of several revisions takes. */
export interface LintRevisionsOptions extends LintOptions {
  /** Text of each revision file, for its excuses. */
  readonly sourceOf?: ((revision: Revision) => string | undefined) | undefined
}

/**
 * What of a revision may fail, lock or destroy. It is read, and not run.
 *
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
  const start = await startOf(options)
  const read = await startLintPass(start, rules)
  // An excuse is no less needed because the database of today is empty.
  const imagine = await startLintPass(start, rules, false)
  const findings: Finding[] = []
  const excused: ExcusedFinding[] = []
  for (const revision of revisions) {
    const found = await read(revision)
    const imaginable = [...found, ...(await imagine(revision))]
    const source = options.sourceOf?.(revision)
    const excuses = source === undefined ? [] : excusesIn(source, start.direction)
    for (const one of found) {
      const excuse = excuses.find((candidate) => candidate.reason !== '' && covers(candidate, one))
      if (excuse === undefined) findings.push(one.finding)
      else excused.push({ ...one.finding, reason: excuse.reason })
    }
    findings.push(...excuses.flatMap((excuse) => uselessExcuse(excuse, imaginable, revision, start.dialect)))
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

/** What of some revisions destroys data, in words for a person who has to say yes before they are run. */
import { firstKeyword } from '../../storage/first-keyword.ts'
import type { Revision } from '../revision.ts'
import { type LintOptions, startLintPass, startOf } from './lint-pass.ts'
import { rules } from './registry.ts'
import { rule } from './rule.ts'

/** An operation that destroys rows or values. */
export interface DestructiveStep {
  readonly revision: string
  /** One line: the operation and the names of what it changes. */
  readonly operation: string
  /** One sentence. */
  readonly words: string
}

/**
 * The operations that would destroy rows or values, in the order in which they run; those of an empty table are none.
 * With `live` it is known what is there, without it what may be there counts.
 *
 * @throws TypeError when `live` is of another dialect
 */
export async function destructiveSteps(revisions: readonly Revision[], options: LintOptions): Promise<readonly DestructiveStep[]> {
  const read = await startLintPass(await startOf(options), [...rules.filter((candidate) => candidate.isLoss === true), rawDeletion])
  const steps: DestructiveStep[] = []
  for (const revision of revisions) {
    for (const { finding, operation } of await read(revision)) if (operation !== undefined) steps.push({ revision: revision.id, operation: finding.operation, words: finding.why })
  }
  return steps
}

/** The first word of a statement is all that is read of it. */
const rawDeletion = rule({
  id: 'raw-deletion',
  looksAt: ['execute'],
  check({ statement }) {
    const verb = firstKeyword(statement.sql)
    if (!['delete', 'truncate', 'drop'].includes(verb)) return undefined
    return { severity: 'warning', why: `A statement in the words of the database begins with "${verb}".`, safer: 'Look at the statement.' }
  },
})

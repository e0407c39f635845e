/** What a run would destroy in this database, and whether it may. */
import { defaultHistoryTable, defaultVersionTable } from '../../../src/migrate/bookkeeping.ts'
import { destructiveSteps, type DestructiveStep } from '../../../src/migrate/lint/destructive-steps.ts'
import { tableSizes } from '../../../src/migrate/lint/table-sizes.ts'
import type { Direction, PlannedStep } from '../../../src/migrate/migration-plan.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import type { Invocation } from '../invocation.ts'
import { questionsOf } from '../questions.ts'
import { leaveOpen } from '../unanswered.ts'
import { revisionsOf } from './lint-of.ts'
import type { Project } from './project.ts'

/**
 * The steps whose author says that they lose data, and those that are seen to, in the order in which they run; none where
 * there is nothing to lose.
 */
export async function lossesOf(project: Project, storage: Storage, direction: Direction, steps: readonly PlannedStep[]): Promise<readonly DestructiveStep[]> {
  const sizes = await tableSizes(storage)
  const { versionTable = defaultVersionTable, historyTable = defaultHistoryTable } = project
  if ([...sizes].every(([table, size]) => size.rows === 0 || table === versionTable || table === historyTable)) return []
  const revisions = revisionsOf(project, steps.map(({ revision }) => revision))
  const found = await destructiveSteps(revisions, { dialect: storage.dialect, live: storage, direction, sizes, naming: (await project.schema())?.naming })
  const losses = steps.flatMap(({ revision, lossy }) => [
    ...(lossy === undefined ? [] : [{ revision, operation: direction, words: `It loses data: ${lossy}.` }]),
    ...found.filter((step) => step.revision === revision),
  ])
  // Statements in the words of the database are all told in the same words.
  return [...new Map(losses.map((loss) => [lossLine(loss), loss])).values()]
}

/** True when nothing is lost or a person agrees. Says otherwise what to do, with the exit code for an open question. */
export async function mayLose(invocation: Invocation, direction: Direction, losses: readonly DestructiveStep[]): Promise<boolean> {
  if (losses.length === 0) return true
  const lines = losses.map(lossLine)
  const person = await questionsOf(invocation)
  if (person !== undefined) for (const line of lines) invocation.note(`- ${line}`)
  const answer = await person?.confirm(`The ${direction} loses data. Go on?`)
  if (answer === true) return true
  const why = answer === false ? 'You did not agree to lose data:' : `The ${direction} loses data, and nobody agreed to that:`
  leaveOpen(invocation, 'Nothing was run', why, lines, 'Say --yes to do it all the same, or --dry-run to see the steps.')
  return false
}

/** `b1, dropColumn users.age: …` */
export function lossLine({ revision, operation, words }: DestructiveStep): string {
  return `${revision}, ${operation}: ${words}`
}

/** Takes the answers about renames as far as they go, on a copy of the database's schema, and finds what is still to ask. */
import { TidemarkError } from '../../errors.ts'
import { compareSchemas } from '../../schema/compare-schemas.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import { type LiveSchema, introspect } from '../../schema/introspect.ts'
import { liveDefinition } from '../../schema/live-definition.ts'
import type { NamingConvention } from '../../schema/table.ts'
import type { Storage } from '../../storage/storage.ts'
import { type RenameOperations, renameOperations } from './rename-operations.ts'
import { type Rename, type RenameAnswers, type RenameQuestion, answersFor, findRenames } from './renames.ts'
import { runOperations } from './trial.ts'

export interface SettleInput {
  readonly live: LiveSchema
  readonly declared: LiveSchema
  readonly answers: RenameAnswers
  readonly include: NonNullable<SchemaScope['include']>
  readonly naming: NamingConvention
  /** A database to compare expressions in; left as it was. */
  readonly scratch: Storage
  /** The schema of the database, without rows; as it was afterwards. */
  readonly copy: Storage
}

export interface SettledRenames {
  /** In the order in which they are made. */
  readonly renames: readonly RenameOperations[]
  readonly questions: readonly RenameQuestion[]
  /** The database's schema under the new names. */
  readonly from: LiveSchema
}

/** @throws TidemarkError `argument_invalid` for an answer about nothing that is gone and has come */
export async function settleRenames({ live, declared, answers, include, naming, scratch, copy }: SettleInput): Promise<SettledRenames> {
  const made: Rename[] = []
  const operations: RenameOperations[] = []
  let from = live
  for (;;) {
    const tablesBefore = new Map(made.flatMap((rename) => (rename.kind === 'table' ? [[rename.to, rename.from]] : [])))
    const { differences } = await compareSchemas(from, declared, { include, shadow: scratch })
    const found = findRenames(differences, answers, tablesBefore)
    if (found.renames.length === 0) {
      requireUsed(answers.renames, made, tablesBefore)
      await run(copy, operations.toReversed().flatMap(({ back }) => back))
      return { renames: operations, questions: found.questions, from }
    }
    // One by one: a table under its new name shows which of its columns have another one.
    for (const rename of found.renames) {
      const table = from.tables.get(rename.kind === 'table' ? rename.from : rename.table)
      if (table === undefined) continue
      const step = renameOperations(rename, liveDefinition(table, naming), naming)
      await run(copy, step.there)
      made.push(rename)
      operations.push(step)
      from = await introspect(copy)
    }
  }
}

async function run(copy: Storage, operations: RenameOperations['there']): Promise<void> {
  await runOperations(copy, operations, (why, cause) => new TidemarkError('revision_unproven', 'Cannot rename on a copy of the database', { why, next: 'Write the rename by hand in an empty revision.', cause }))
}

/** An answer that is about nothing may be misspelt, and what it was meant for would be dropped. */
function requireUsed(answers: readonly string[], made: readonly Rename[], tablesBefore: ReadonlyMap<string, string>): void {
  const used = new Set(made.flatMap((rename) => answersFor(rename, tablesBefore)))
  const unused = answers.filter((answer) => !used.has(answer))
  if (unused.length === 0) return
  throw new TidemarkError('argument_invalid', `Cannot take ${unused.map((answer) => JSON.stringify(answer)).join(', ')} for a rename`, {
    why: 'The first name has to be one that the database has and the schema does not, the second the other way round; columns with their table: `posts.body:posts.text`.',
    next: 'Correct the answer, or leave it out.',
    details: { unused },
  })
}

/**
 * Puts rows into one table: draws again what the database refuses, until it takes it or there is no hope. Each try is a
 * savepoint of its own.
 */
import { type TidemarkError, isTidemarkError } from '../../errors.ts'
import type { LiveForeignKey, LiveTable } from '../../schema/introspect.ts'
import { insertExact } from '../../storage/exact-values.ts'
import type { Transaction } from '../../storage/storage.ts'
import { columnsOf } from './check-literals.ts'
import type { Values } from './parent-choice.ts'
import { type RowDrafts, isValues } from './row-draft.ts'

// Enough for several checks that each take one value in ten; few enough that a table which takes none costs no second.
const maxTries = 150

export interface FittingRows {
  /** As they stand in the table now. */
  readonly rows: readonly Values[]
  /** Why there are fewer than wanted. */
  readonly problem?: string | undefined
}

/** Puts up to `wanted` rows into the table. */
export async function insertFitting(tx: Transaction, table: LiveTable, drafts: RowDrafts, wanted: number): Promise<FittingRows> {
  const first: Values[] = []
  for (let position = 0; position < wanted; position += 1) {
    const draft = drafts.draft(position, first)
    if (!isValues(draft)) return { rows: [], problem: missingParent(draft) }
    first.push(draft)
  }
  // Most tables take all of them at once.
  if ((await tryInsert(tx, table, drafts.columns, first)) === undefined) return { rows: first }
  const rows: Values[] = []
  for (const draft of first) {
    const found = await insertOne(tx, table, drafts, draft, rows)
    // What was not found in so many tries will not be found for the next row either.
    if (typeof found === 'string') return { rows, problem: found }
    rows.push(found)
  }
  return { rows }
}

/** The row as it was taken at last, or why none was. */
async function insertOne(tx: Transaction, table: LiveTable, drafts: RowDrafts, first: Values, siblings: readonly Values[]): Promise<Values | string> {
  let draft = first
  for (let tries = 1; ; tries += 1) {
    const refusal = await tryInsert(tx, table, drafts.columns, [draft])
    if (refusal === undefined) return draft
    if (tries === maxTries) return `None of ${maxTries} rows was taken; the last one was refused: ${refusal.why}`
    const again = suspects(refusal, table)
    if (refusal.code === 'not_null_violated') for (const column of again) drafts.forbidNull(column)
    const next = drafts.redraft(draft, again, siblings)
    if (!isValues(next)) return missingParent(next)
    draft = next
  }
}

/** The refusal, when the rows do not fit. */
async function tryInsert(tx: Transaction, table: LiveTable, columns: readonly string[], rows: readonly Values[]): Promise<TidemarkError | undefined> {
  const values = rows.map((row) => columns.map((column) => row.get(column) ?? null))
  return attempt(tx, (inner) => inner.query(insertExact(tx.dialect, table.name, columns, values)))
}

/** The refusal, when the work could not be done because of the data; nothing is left of it then. */
export async function attempt(tx: Transaction, work: (inner: Transaction) => Promise<unknown>): Promise<TidemarkError | undefined> {
  try {
    await tx.transaction(work)
    return undefined
  } catch (error) {
    if (isTidemarkError(error) && refusals.has(error.code)) return error
    throw error
  }
}

const refusals: ReadonlySet<TidemarkError['code']> = new Set(['statement_failed', 'value_not_supported', 'unique_violated', 'foreign_key_violated', 'not_null_violated', 'check_violated'])

/** The columns whose values the database probably did not like. */
function suspects(refusal: TidemarkError, table: LiveTable): ReadonlySet<string> {
  switch (refusal.code) {
    case 'check_violated': {
      const named = table.checks.filter((check) => refusal.why.includes(check.name ?? check.expression))
      return new Set((named.length > 0 ? named : table.checks).flatMap((check) => columnsOf(check.expression, table)))
    }
    case 'unique_violated':
      return new Set([
        ...[table.primaryKey, ...table.uniques].flatMap((key) => key?.columns ?? []),
        ...table.indexes.filter((index) => index.unique).flatMap(({ columns }) => columns.flatMap((part) => ('column' in part ? [part.column] : columnsOf(part.expression, table)))),
      ])
    case 'foreign_key_violated':
      return new Set(table.foreignKeys.flatMap((key) => key.columns))
    default:
      // A text that is no value of its type, or a null that a domain does not take: only types that are not known well.
      return new Set(table.columns.filter((column) => column.type.kind === 'other').map((column) => column.name))
  }
}

function missingParent(key: LiveForeignKey): string {
  return `Foreign key "${key.name ?? key.columns.join(', ')}" needs a row of table "${key.references.table}" that suits its other keys, and there is none.`
}

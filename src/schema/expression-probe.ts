/**
 * Asks an engine what an expression is to it. Two expressions that come back as the same text are the same; of one that
 * is refused, nothing can be said. The storage asked is left as it was.
 */
import { isTidemarkError } from '../errors.ts'
import { probePostgres } from '../storage/postgres/expression-probe.ts'
import { probeSqlite } from '../storage/sqlite/expression-probe.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { LiveColumn, LiveSchema } from './introspect.ts'

/** Where an expression stands. The column of a default or a generated column is not among those it may name. */
export type Place = { readonly kind: 'check' | 'index' | 'predicate' } | { readonly kind: 'default' | 'generated'; readonly column: LiveColumn }

/** What an expression may name. */
export interface Surroundings {
  readonly table: string
  readonly columns: readonly LiveColumn[]
  readonly enums: LiveSchema['enums']
}

export type Canonical = { readonly text: string } | { readonly refused: string }

/** Not while a transaction of the caller is open on the shadow: it would wait for itself. */
export async function canonicalExpression(shadow: Storage, around: Surroundings, place: Place, expression: string): Promise<Canonical> {
  const done = new Error('The trial is over')
  let text: string | undefined
  try {
    await shadow.transaction(async (tx) => {
      text = await probe(tx, around, place, expression)
      throw done
    })
  } catch (error) {
    if (isTidemarkError(error, 'statement_failed')) return { refused: error.why }
    if (error !== done) throw error
  }
  return text === undefined ? { refused: 'The engine gave no answer.' } : { text }
}

function probe(tx: Transaction, around: Surroundings, place: Place, expression: string): Promise<string> {
  switch (tx.dialect) {
    case 'sqlite':
      return probeSqlite(tx, around, place, expression)
    case 'postgres':
      return probePostgres(tx, around, place, expression)
    default:
      throw new TypeError(`unknown dialect ${String(tx.dialect satisfies never)}`)
  }
}

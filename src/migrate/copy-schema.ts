/**
 * Copies the schema of a live database to a shadow, without rows and as far as the shadow can have it. From the source
 * it only reads.
 */
import { isTidemarkError } from '../errors.ts'
import type { SchemaScope } from '../schema/difference.ts'
import { postgresScript } from '../storage/postgres/schema-script.ts'
import { sqliteScript } from '../storage/sqlite/schema-script.ts'
import type { Dialect, Queryable, Storage, Transaction } from '../storage/storage.ts'

export interface SchemaStep {
  /** For people: `index "ix_posts_views"`. */
  readonly object: string
  readonly sql: string
  /** What is run when the step fails. */
  readonly instead?: readonly SchemaStep[] | undefined
}

export interface LeftOut {
  readonly object: string
  readonly why: string
}

export interface SchemaScript {
  readonly steps: readonly SchemaStep[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * Makes the schema of `source` on an empty database of the same dialect. On SQLite the stored texts are run again; on
 * PostgreSQL the catalogue is told anew, and the order of enums, keys and indexes follows what they need.
 *
 * @param include what is copied; everything when left out
 * @returns what the shadow does not have, with the reason: virtual tables, views (PostgreSQL), types that it lacks
 * @throws TypeError when the dialects differ
 */
export async function copySchema(source: Queryable & { readonly dialect: Dialect }, shadow: Storage, include: SchemaScope['include'] = () => true): Promise<readonly LeftOut[]> {
  if (source.dialect !== shadow.dialect) throw new TypeError('Cannot copy a schema to a database of another dialect')
  const { steps, leftOut } = await scriptOf(source, include)
  const failed: LeftOut[] = []
  await shadow.transaction(async (tx) => {
    for (const step of steps) failed.push(...(await runStep(tx, step)))
  })
  return [...leftOut, ...failed]
}

function scriptOf(source: Queryable & { readonly dialect: Dialect }, include: NonNullable<SchemaScope['include']>): Promise<SchemaScript> {
  switch (source.dialect) {
    case 'sqlite':
      return sqliteScript(source, include)
    case 'postgres':
      return postgresScript(source, include)
    default:
      throw new TypeError(`unknown dialect ${String(source.dialect satisfies never)}`)
  }
}

async function runStep(tx: Transaction, { object, sql, instead }: SchemaStep): Promise<readonly LeftOut[]> {
  try {
    await tx.transaction((inner) => inner.query({ sql }))
    return []
  } catch (error) {
    if (!isTidemarkError(error, 'statement_failed')) throw error
    if (instead === undefined) return [{ object, why: error.why }]
    const failed: LeftOut[] = []
    for (const step of instead) failed.push(...(await runStep(tx, step)))
    return failed
  }
}

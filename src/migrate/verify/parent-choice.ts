/**
 * Chooses the rows that a new row refers to, so that keys which share a column agree. Knows the keys of the parents, not
 * the database.
 */
import type { LiveForeignKey } from '../../schema/introspect.ts'
import type { SqlValue } from '../../storage/storage.ts'

/** Values by column. */
export type Values = ReadonlyMap<string, SqlValue>

export interface ParentKeys {
  readonly key: LiveForeignKey
  /** What rows of the parent have in the columns that the key refers to. */
  readonly tuples: readonly (readonly SqlValue[])[]
  /** Refer to nothing, where the columns allow it. */
  readonly prefersNull: boolean
}

// Keys that share columns are few; past this many tries there is no row that suits all of them.
const maxTries = 2_000

/**
 * Values for the columns of the keys, in agreement with those that are `fixed`; the first key that cannot be met when
 * there are none. Another `start` begins with other rows.
 */
export function chooseParents(parents: readonly ParentKeys[], nullable: ReadonlySet<string>, fixed: Values, start: number): Values | LiveForeignKey {
  let tries = 0
  let deepest = 0
  const choose = (position: number, chosen: Values): Values | undefined => {
    const parent = parents[position]
    if (parent === undefined) return chosen
    deepest = Math.max(deepest, position)
    for (const next of choices(parent, nullable, chosen, start)) {
      if ((tries += 1) > maxTries) return undefined
      const found = choose(position + 1, next)
      if (found !== undefined) return found
    }
    return undefined
  }
  const found = choose(0, fixed)
  if (found !== undefined) return found
  const failed = parents[deepest]
  if (failed === undefined) throw new RangeError('Without keys there is nothing to fail')
  return failed.key
}

function* choices({ key, tuples, prefersNull }: ParentKeys, nullable: ReadonlySet<string>, chosen: Values, start: number): Generator<Values> {
  // A key with a null in it refers to nothing.
  const free = key.columns.filter((column) => nullable.has(column) && !chosen.has(column))
  const isNull = key.columns.some((column) => chosen.get(column) === null)
  if (isNull) return yield chosen
  const withNull = new Map([...chosen, ...free.map((column): [string, SqlValue] => [column, null])])
  if (prefersNull && free.length > 0) yield withNull
  for (let index = 0; index < tuples.length; index += 1) {
    const tuple = tuples[(start + index) % tuples.length] ?? []
    const agrees = !tuple.includes(null) && key.columns.every((column, position) => !chosen.has(column) || isSame(chosen.get(column), tuple[position]))
    if (agrees) yield new Map([...chosen, ...key.columns.map((column, position): [string, SqlValue] => [column, tuple[position] ?? null])])
  }
  if (!prefersNull && free.length > 0) yield withNull
}

/** PostgreSQL gave the one as a text, and the other was made here. */
function isSame(a: SqlValue | undefined, b: SqlValue | undefined): boolean {
  return a === b || (isScalar(a) && isScalar(b) && String(a) === String(b))
}

function isScalar(value: SqlValue | undefined): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
}

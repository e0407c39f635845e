/**
 * What a program's schema owns in a database: the tables and enums that it declares, and those that its revisions make.
 * Whatever else is there belongs to somebody else.
 */
import { nameKey } from '../../schema/compare-expressions.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import { type LiveSchema, introspect } from '../../schema/introspect.ts'
import type { Schema } from '../../schema/table.ts'
import type { Storage } from '../../storage/storage.ts'
import { type History, replay } from '../replay.ts'
import { RevisionFailure } from '../run-revision.ts'
import { enumName } from './enum-changes.ts'

export interface OwnedScope {
  readonly include: NonNullable<SchemaScope['include']>
  /** Tables of the database that nobody here owns, sorted. */
  readonly leftAlone: readonly string[]
  /** The revision that cannot be run on a shadow; then only what is declared is known to be owned. */
  readonly notRunnable?: string | undefined
}

export interface ScopeInput {
  readonly live: LiveSchema
  readonly schema: Schema
  readonly history: History
  readonly include: SchemaScope['include']
  /** Tables of the migration kit itself. */
  readonly bookkeeping: readonly string[]
  readonly openShadow: () => Promise<Storage>
}

export async function ownedScope({ live, schema, history, include = () => true, bookkeeping, openShadow }: ScopeInput): Promise<OwnedScope> {
  const key = (kind: 'table' | 'enum', name: string): string => `${kind} ${nameKey(live.dialect, name)}`
  const keys = (tables: Iterable<string>, enums: Iterable<string>): readonly string[] => [...[...tables].map((name) => key('table', name)), ...[...enums].map((name) => key('enum', name))]
  const declaredEnums = [...schema.tables.values()].flatMap(({ columns }) => columns.flatMap((column) => enumName(column) ?? []))
  const owned = new Set(keys(schema.tables.keys(), declaredEnums))
  const kit = new Set(keys(bookkeeping, []))
  const isStrange = (name: string): boolean => !owned.has(name) && !kit.has(name)
  let notRunnable: string | undefined
  // Only what is not declared raises the question who made it.
  if (history.revisions.length > 0 && keys(live.tables.keys(), live.enums.keys()).some(isStrange)) {
    const made = await madeBy(history, openShadow)
    if (typeof made === 'string') notRunnable = made
    else for (const name of keys(made.tables.keys(), made.enums.keys())) owned.add(name)
  }
  const isOwn = (kind: 'table' | 'enum', name: string): boolean => owned.has(key(kind, name)) && !kit.has(key(kind, name)) && include(kind, name)
  return { include: isOwn, leftAlone: [...live.tables.keys()].filter((name) => !isOwn('table', name) && !kit.has(key('table', name))).toSorted(), notRunnable }
}

/** The schema that the revisions make; the id of the one that cannot be run. */
async function madeBy(history: History, openShadow: () => Promise<Storage>): Promise<LiveSchema | string> {
  const shadow = await openShadow()
  try {
    await replay(shadow, history, 'heads')
    return await introspect(shadow)
  } catch (error) {
    if (error instanceof RevisionFailure) return error.revision.id
    throw error
  } finally {
    await shadow.close()
  }
}

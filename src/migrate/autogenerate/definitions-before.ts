/** The tables of the database as definitions, in words that both dialects understand as far as the revisions have them. */
import type { SchemaDifference } from '../../schema/difference.ts'
import type { LiveSchema } from '../../schema/introspect.ts'
import { liveDefinition } from '../../schema/live-definition.ts'
import type { NamingConvention, TableDefinition } from '../../schema/table.ts'
import type { Storage } from '../../storage/storage.ts'
import { collectOperations } from '../collect-operations.ts'
import type { Operation } from '../operation.ts'
import type { History } from '../replay.ts'
import { revisionWords } from './revision-words.ts'
import type { Definitions } from './table-change.ts'
import { wordedDefinition } from './worded-definition.ts'

export interface DefinitionsInput {
  readonly from: LiveSchema
  readonly differences: readonly SchemaDifference[]
  readonly history: History
  /** What the tables went through after the last revision. */
  readonly renames: readonly Operation[]
  readonly include: (kind: 'table', name: string) => boolean
  readonly naming: NamingConvention
  /** A database to compare expressions in; left as it was. */
  readonly scratch: Storage
}

export async function definitionsBefore({ from, differences, history, renames, include, naming, scratch }: DefinitionsInput): Promise<Definitions> {
  const words = revisionWords([...(await operationsOf(history, from.dialect)), ...renames])
  const touched = new Set(differences.flatMap((difference) => ('table' in difference ? difference.table : [])))
  const definitions = new Map<string, TableDefinition>()
  for (const table of from.tables.values()) {
    if (!include('table', table.name)) continue
    const definition = liveDefinition(table, naming)
    const own = words.get(table.name)
    definitions.set(table.name, own === undefined || !touched.has(table.name) ? definition : await wordedDefinition({ schema: from, table, definition }, own, scratch))
  }
  return definitions
}

/** What the revisions do on the way up, as far as that can be told without a database. */
async function operationsOf({ graph, revisions, naming }: History, dialect: LiveSchema['dialect']): Promise<readonly Operation[]> {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const operations: Operation[] = []
  for (const id of graph.upgradePath([], 'heads')) {
    const revision = byId.get(id)
    if (revision !== undefined) operations.push(...(await collectOperations(revision, 'upgrade', { dialect, naming })).operations)
  }
  return operations
}

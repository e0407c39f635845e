/** The texts that SQLite keeps, as a script that makes the same schema, empty: tables, indexes, views, triggers. */
import type { LeftOut, SchemaScript, SchemaStep } from '../../migrate/copy-schema.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import type { Queryable } from '../storage.ts'
import { folded, isName, tokenize } from './ddl-tokens.ts'

interface StoredText {
  readonly type: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  readonly tbl_name: string
  readonly sql: string
  /** `table`, `virtual` or `shadow`; of a view `view`. */
  readonly kind: string
}

export async function sqliteScript(source: Queryable, include: NonNullable<SchemaScope['include']>): Promise<SchemaScript> {
  const { rows } = await source.query<StoredText>({
    sql: `select o.type, o.name, o.tbl_name, o.sql, t.type as kind from sqlite_schema as o join pragma_table_list as t on t.schema = 'main' and t.name = o.tbl_name
      where o.sql is not null and o.name not like 'sqlite\\_%' escape '\\' and t.type <> 'shadow' order by o.rowid`,
  })
  const leftOut: LeftOut[] = rows.filter((row) => row.type === 'table' && row.kind === 'virtual').map((row) => ({ object: objectName(row), why: 'Virtual tables are not copied.' }))
  const absent = rows.filter((row) => row.type === 'table' && (row.kind === 'virtual' || !include('table', row.name)))
  const absentNames = new Set(absent.map((row) => folded(row.name)))
  const steps: SchemaStep[] = []
  for (const type of ['table', 'index', 'view', 'trigger'] as const) {
    for (const row of rows.filter((candidate) => candidate.type === type && !absent.includes(candidate) && !absentNames.has(folded(candidate.tbl_name)))) {
      const missing = type === 'view' || type === 'trigger' ? tokenize(row.sql).find((token) => isName(token) && absentNames.has(folded(token.value))) : undefined
      if (missing === undefined) steps.push({ object: objectName(row), sql: row.sql })
      else {
        leftOut.push({ object: objectName(row), why: `It names "${missing.value}", which is not copied.` })
        absentNames.add(folded(row.name))
      }
    }
  }
  return { steps, leftOut }
}

function objectName({ type, name }: StoredText): string {
  return `${type} "${name}"`
}

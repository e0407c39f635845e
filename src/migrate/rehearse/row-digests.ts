/** The rows of a large database at one moment, each value kept as itself when it is short and as a hash when it is not. */
import type { LiveSchema } from '../../schema/introspect.ts'
import { type ValueText, valueTexts, valueTextsQuery } from '../../storage/exact-values.ts'
import type { Storage } from '../../storage/storage.ts'
import { tablePages } from '../../storage/table-pages.ts'
import { contentHash } from '../../content-hash.ts'
import type { RowSnapshot, TableRows } from '../verify/row-snapshot.ts'

export async function digestRows(database: Storage, { tables }: LiveSchema): Promise<RowSnapshot> {
  const digests = new Map<string, TableRows>()
  for (const table of tables.values()) {
    const columns = table.columns.map((column) => column.name)
    const rows: (readonly ValueText[])[] = []
    for await (const { condition, parameters } of tablePages(database, database.dialect, table)) {
      const page = await database.query<{ texts: string }>({ sql: `${valueTextsQuery(database.dialect, table.name, columns)} where ${condition}`, parameters })
      for (const { texts } of page.rows) rows.push(valueTexts(database.dialect, texts).map(short))
    }
    digests.set(table.name, { columns, key: table.primaryKey?.columns, rows })
  }
  return digests
}

function short(text: ValueText): ValueText {
  return text === null || text.length <= 32 ? text : `${text.length} ${contentHash(text)}`
}

/** `docs/data-model.md` against the declared schema, and against what a migrated database really has. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/open-tidemark.ts'
import { diagram, tableSections } from './data-model.ts'
import { expectWritten } from './written-parts.ts'

it('docs/data-model.md has every table, column, key and index', async () => {
  await expectWritten('docs/data-model.md', { diagram: diagram(), tables: tableSections() })
})

it('docs/data-model.md names every table of a migrated database', async () => {
  const page = await readFile(new URL('../../docs/data-model.md', import.meta.url), 'utf8')
  const storage = await sqljs()
  const tidemark = await openTidemark({ storage, customerId: 1 })
  const { rows } = await storage.query<{ name: string }>({ sql: `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name` })
  await tidemark.close()
  expect(rows.length).toBeGreaterThan(18)
  // FTS4 keeps its index in tables of its own.
  const named = rows.map(({ name }) => name).filter((name) => !name.startsWith('search_index_'))
  expect(named.filter((name) => !page.includes(`### ${name}\n`) && !page.includes(`\`${name}\``))).toEqual([])
})

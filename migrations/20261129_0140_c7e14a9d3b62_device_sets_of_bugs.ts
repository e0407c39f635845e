/**
 * The platforms, categories and browsers of a bug stand in the bug itself, and in an index that analytics reads: 50,000 bugs share
 * a few dozen sets of them, so that counting by platform no longer looks at every device. Bugs of a test come by snapshot.
 */
import { defineRevision } from '../src/migrate/revision.ts'
import { c } from '../src/schema/column.ts'
import type { Dialect } from '../src/storage/storage.ts'

const before = ['customer_id', 'test_id', 'outcome', 'severity_rank', 'deleted_at', 'kind', 'tester', 'test_feature_id', 'rejection_reason', 'known', 'language']
const ofTest = ['customer_id', 'test_id', 'test_feature_id', 'outcome', 'severity_rank', 'deleted_at', 'kind', 'tester', 'rejection_reason', 'known', 'language']

const sets = [
  { column: 'operating_systems', what: 'operating systems', part: 'd.operating_system' },
  { column: 'device_categories', what: 'categories', part: 'd.category' },
  { column: 'browsers', what: 'browsers', part: 'element.value' },
] as const

export default defineRevision({
  id: 'c7e14a9d3b62',
  down: ['8d41f6a07c35'],
  message: 'the sets of platforms, categories and browsers of a bug',
  createdAt: '2026-11-29T01:40:00Z',

  async upgrade(op) {
    for (const { column, what } of sets) {
      const comment = `The ${what} of its devices, each once, by code point; kept by the write path`
      await op.addColumn('bugs', column, c.json<readonly string[]>().notNull().defaultSql(`'[]'`).comment(comment))
    }
    const values = sets.map(({ column, part }) => `${column} = (${setOf(op.dialect, part)})`)
    await op.execute(`update bugs set ${values.join(', ')}`)
    await op.dropIndex('ix_bugs_of_test', 'bugs')
    await op.createIndex('ix_bugs_of_test', 'bugs', [...ofTest, 'id'])
    // In the place of the index of devices, so that a sync writes as many entries as before.
    await op.createIndex('ix_bugs_of_test_by_device', 'bugs', [...ofTest, ...sets.map(({ column }) => column), 'id'])
    await op.dropIndex('ix_bug_devices_of_bug', 'bug_devices')
  },

  async downgrade(op) {
    await op.createIndex('ix_bug_devices_of_bug', 'bug_devices', ['customer_id', 'bug_id', 'position', 'operating_system', 'category'])
    await op.dropIndex('ix_bugs_of_test_by_device', 'bugs')
    await op.dropIndex('ix_bugs_of_test', 'bugs')
    for (const { column } of sets) await op.dropColumn('bugs', column)
    await op.createIndex('ix_bugs_of_test', 'bugs', [...before, 'id'])
  },
})

/** The different values of the devices of a bug, by code point, as a JSON array. */
function setOf(dialect: Dialect, part: string): string {
  // What is no array has no elements, and PostgreSQL would refuse to look for them.
  const elements = dialect === 'sqlite'
    ? `json_each(case json_type(d.browsers) when 'array' then d.browsers else '[]' end) as element`
    : `lateral jsonb_array_elements_text(case jsonb_typeof(d.browsers) when 'array' then d.browsers else '[]' end) as element(value)`
  const source = part.startsWith('element') ? `bug_devices as d cross join ${elements}` : 'bug_devices as d'
  const parts = `select distinct ${part} as part from ${source} where d.customer_id = bugs.customer_id and d.bug_id = bugs.id and ${part} is not null`
  return dialect === 'sqlite'
    ? `select json_group_array(part) from (${parts} order by 1)`
    : `select coalesce(jsonb_agg(part order by part collate "C"), '[]') from (${parts}) as parts`
}

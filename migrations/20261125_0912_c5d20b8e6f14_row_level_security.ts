/**
 * PostgreSQL: a role that owns no table sees and writes the rows of the customer in its setting `tidemark.customer_id`
 * only, and none without the setting. The owner of the tables is not affected. SQLite has no roles: nothing happens there.
 */
import { defineRevision } from '../src/migrate/revision.ts'

const tables = [
  'products', 'sections', 'features', 'feature_sections', 'user_stories', 'reject_reasons', 'users', 'tests', 'test_platforms', 'test_features',
  'bugs', 'bug_devices', 'bug_comments', 'payloads', 'sync_streams', 'sync_runs', 'sync_run_steps',
] as const

/** Null, and with it no row, when nothing was set; a setting that was taken back is the empty text. */
const own = `customer_id = nullif(current_setting('tidemark.customer_id', true), '')::bigint`

export default defineRevision({
  id: 'c5d20b8e6f14',
  down: ['a41e7c52d8f0'],
  message: 'row-level security by customer on PostgreSQL',
  createdAt: '2026-11-25T09:12:00Z',

  async upgrade(op) {
    if (op.dialect !== 'postgres') return
    for (const table of tables) {
      // Without `with check` the same condition holds for rows that are written.
      await op.execute(`create policy customer on ${table} using (${own})`)
      await op.execute(`alter table ${table} enable row level security`)
    }
  },

  async downgrade(op) {
    if (op.dialect !== 'postgres') return
    for (const table of tables) {
      await op.execute(`alter table ${table} disable row level security`)
      await op.execute(`drop policy customer on ${table}`)
    }
  },
})

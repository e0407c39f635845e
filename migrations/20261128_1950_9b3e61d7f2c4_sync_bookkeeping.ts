/**
 * What a sync needs to be trusted: dates of deletion, how far each stream is proven complete, what a run did and how far
 * it is, records that could not be read, and a lease, so that one program at a time syncs a customer.
 */
import { defineRevision } from '../src/migrate/revision.ts'
import { c } from '../src/schema/column.ts'

const customer = c.bigint().notNull().comment('The TestIO customer account; first in every key')
const deletedAt = c.instant().comment('When it was found to be gone upstream; null while it is there')
const stream = c.enum(['products', 'reject_reasons', 'features', 'tests', 'bugs']).notNull()

/** The indexes that lists and counts use, without their last column, which is new. */
const indexes = {
  features: ['customer_id, product_id, title, id', 'customer_id, title, id'],
  tests: ['customer_id, end_at, id', 'customer_id, product_id, end_at, status, id', 'customer_id, status, end_at, id'],
  bugs: [
    'customer_id, reported_at, id', 'customer_id, test_id, outcome, severity_rank', 'customer_id, product_id, reported_at, id',
    'customer_id, severity_rank, id', 'customer_id, test_feature_id', 'customer_id, tester, reported_at',
  ],
} as const

/** What goes with the rows that are deleted on the way back. */
const children = [
  ['bug_devices', 'bug_id', 'bugs'], ['bug_comments', 'bug_id', 'bugs'], ['test_platforms', 'test_id', 'tests'], ['test_features', 'test_id', 'tests'],
  ['user_stories', 'feature_id', 'features'], ['feature_sections', 'feature_id', 'features'], ['feature_sections', 'section_id', 'sections'],
] as const

/** The new tables, for the policies of PostgreSQL; see revision c5d20b8e6f14. */
const tables = ['quarantine', 'leases'] as const
const own = `customer_id = nullif(current_setting('tidemark.customer_id', true), '')::bigint`

const indexName = (table: string, columns: readonly string[]): string => `ix_${table}_${columns.join('_')}`

const counts = { test_count: 'Rows of tests', bug_count: 'Rows of bugs', feature_count: 'Rows of features' } as const
const keptBy = { test_count: 'kept by the write path, in the same transaction', bug_count: 'kept likewise', feature_count: 'kept likewise' } as const

export default defineRevision({
  id: '9b3e61d7f2c4',
  down: ['c5d20b8e6f14'],
  message: 'bookkeeping of syncs: deletions, proofs, quarantine, leases',
  createdAt: '2026-11-28T19:50:00Z',
  lossy: 'what is gone upstream is deleted, and the quarantine, the leases and the proofs of completeness go; a sync reads everything again',

  async upgrade(op) {
    await op.addColumn('products', 'deleted_at', deletedAt)
    for (const [table, lists] of Object.entries(indexes)) {
      await op.addColumn(table, 'deleted_at', deletedAt)
      for (const list of lists) {
        const columns = list.split(', ')
        await op.dropIndex(indexName(table, columns), table)
        await op.createIndex(indexName(table, [...columns, 'deleted_at']), table, [...columns, 'deleted_at'])
      }
    }
    await op.addColumn('tests', 'refreshed_at', c.instant().comment('When the test and its bugs were last read for themselves, between two syncs'))
    for (const column of ['test_count', 'bug_count', 'feature_count'] as const) {
      await op.setColumnComment('products', column, `${counts[column]} that are not deleted; ${keptBy[column]}`)
    }

    await op.addColumn('sync_streams', 'proven_at', c.instant().comment('Everything that was there at this moment is stored; null when the stream was never read to its end'))
    await op.addColumn('sync_streams', 'full_read_at', c.instant().comment('When it was last read from end to end: until then also changes of what is final are known, and deletions'))
    await op.addColumn('sync_streams', 'failures', c.integer().notNull().default(0).comment('Attempts that failed since the last success'))
    await op.addColumn('sync_streams', 'next_attempt_at', c.instant().comment('Not tried again by itself before this moment; null when nothing stands against it'))

    await op.addColumn('sync_runs', 'product_ids', c.json<readonly number[]>().comment('The products that were asked for; null for all'))
    await op.addColumn('sync_runs', 'since', c.instant().comment('Tests that ended before were left alone; null for none'))
    await op.addColumn('sync_runs', 'holder', c.text().comment('The program that ran it, in its own words'))
    await op.addColumn('sync_runs', 'heartbeat_at', c.instant().comment('When it last said how far it is'))
    await op.addColumn('sync_runs', 'deleted_count', c.integer().notNull().default(0))
    await op.addColumn('sync_runs', 'quarantined_count', c.integer().notNull().default(0))
    await op.addColumn('sync_runs', 'done_count', c.integer().notNull().default(0).comment('Units of work that are done: pages and batches'))
    await op.addColumn('sync_runs', 'expected_count', c.integer().notNull().default(0).comment('Units of work that were expected when it last said how far it is'))

    await op.addColumn('sync_run_steps', 'deleted_count', c.integer().notNull().default(0))
    await op.addColumn('sync_run_steps', 'request_count', c.integer().notNull().default(0))
    await op.addColumn('sync_run_steps', 'error_message', c.text().comment('In our words: what failed, why, what to do next'))

    await op.createTable('quarantine', {
      customer_id: customer,
      product_id: c.bigint().notNull().comment('0 for what belongs to the account as a whole'),
      stream,
      key: c.text().notNull().comment('Which record: id:<its id>, after:<id of the one before it>, first, or test:<id> for all bugs of a test'),
      entity_id: c.bigint().comment('Its id; null where even that cannot be read'),
      error_code: c.text().notNull(),
      reason: c.text().notNull().comment('In our words; nothing of the record itself'),
      attempts: c.integer().notNull().comment('How often it was tried in vain'),
      first_seen_at: c.instant().notNull(),
      last_attempt_at: c.instant().notNull(),
      next_retry_at: c.instant().notNull().comment('Looked for by the first sync after this moment, wherever it stands'),
    }, { primaryKey: ['customer_id', 'product_id', 'stream', 'key'], comment: 'Records that the API did not give, or in a form that cannot be read' })

    await op.createTable('leases', {
      customer_id: customer,
      name: c.text().notNull().comment('What it is for: sync'),
      owner: c.text().notNull().comment('Made anew each time it is taken'),
      holder: c.text().notNull().comment('The program that has it, in its own words'),
      run_id: c.bigint().comment('The run it is held for; null before that has an id'),
      acquired_at: c.instant().notNull(),
      heartbeat_at: c.instant().notNull(),
      expires_at: c.instant().notNull().comment('From then on anybody may take it'),
    }, { primaryKey: ['customer_id', 'name'], comment: 'Who may write what one program at a time may write' })

    if (op.dialect !== 'postgres') return
    for (const table of tables) {
      await op.execute(`create policy customer on ${table} using (${own})`)
      await op.execute(`alter table ${table} enable row level security`)
    }
  },

  async downgrade(op) {
    for (const table of [...tables].reverse()) await op.dropTable(table)

    // Older programs take every row for one that is there. Children first; what stands below a deleted row goes with it.
    await op.execute(`
      delete from bugs where deleted_at is not null
        or exists (select 1 from tests as t where t.customer_id = bugs.customer_id and t.id = bugs.test_id and t.deleted_at is not null)
        or exists (select 1 from products as p where p.customer_id = bugs.customer_id and p.deleted_at is not null
          and (p.id = bugs.product_id or p.id = (select t.product_id from tests as t where t.customer_id = bugs.customer_id and t.id = bugs.test_id)))`)
    await op.execute(`
      update bugs set test_feature_id = null where test_feature_id in (
        select f.id from test_features as f
        join tests as t on t.customer_id = f.customer_id and t.id = f.test_id
        join products as p on p.customer_id = t.customer_id and p.id = t.product_id
        where f.customer_id = bugs.customer_id and (t.deleted_at is not null or p.deleted_at is not null))`)
    for (const table of ['tests', 'features', 'sections']) {
      const deleted = table === 'sections' ? '' : 'deleted_at is not null or '
      await op.execute(`
        delete from ${table} where ${deleted}exists (
          select 1 from products as p where p.customer_id = ${table}.customer_id and p.id = ${table}.product_id and p.deleted_at is not null)`)
    }
    await op.execute('delete from products where deleted_at is not null')
    // Foreign keys are suspended while SQLite migrates, so nothing cascades there.
    for (const [table, column, parent] of children) {
      await op.execute(`delete from ${table} where not exists (select 1 from ${parent} as p where p.customer_id = ${table}.customer_id and p.id = ${table}.${column})`)
    }

    for (const column of ['error_message', 'request_count', 'deleted_count']) await op.dropColumn('sync_run_steps', column)
    for (const column of ['expected_count', 'done_count', 'quarantined_count', 'deleted_count', 'heartbeat_at', 'holder', 'since', 'product_ids']) {
      await op.dropColumn('sync_runs', column)
    }
    for (const column of ['next_attempt_at', 'failures', 'full_read_at', 'proven_at']) await op.dropColumn('sync_streams', column)

    for (const column of ['test_count', 'bug_count', 'feature_count'] as const) await op.setColumnComment('products', column, `${counts[column]}; ${keptBy[column]}`)
    await op.dropColumn('tests', 'refreshed_at')
    for (const [table, lists] of Object.entries(indexes)) {
      for (const list of lists) {
        const columns = list.split(', ')
        await op.dropIndex(indexName(table, [...columns, 'deleted_at']), table)
        await op.createIndex(indexName(table, columns), table, columns)
      }
      await op.dropColumn(table, 'deleted_at')
    }
    await op.dropColumn('products', 'deleted_at')
  },
})

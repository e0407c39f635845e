/** The baseline: the catalogue of products and features, tests, bugs, users, raw payloads, and the bookkeeping of syncs. */
import { defineRevision } from '../src/migrate/revision.ts'
import { c } from '../src/schema/column.ts'

const customer = c.bigint().notNull().comment('The TestIO customer account; first in every key')
const id = c.bigint().notNull().comment('The id that TestIO gave')
const cascade = { onDelete: 'cascade' } as const

/** A foreign key inside one customer's account. */
function ofCustomer(column: string, table: string, options: { readonly onDelete?: 'cascade' } = {}) {
  return { columns: ['customer_id', column], references: { table, columns: ['customer_id', 'id'] }, ...options }
}

export default defineRevision({
  id: '3f6c1d0a9b27',
  down: [],
  message: 'baseline',
  createdAt: '2026-11-25T03:10:00Z',
  lossy: 'every table goes, with all that was synced',

  async upgrade(op) {
    await op.createTable('products', {
      customer_id: customer,
      id,
      name: c.text().notNull(),
      type: c.text().comment('Upstream word: website, mobile_app_ios, …'),
      default_section_id: c.bigint(),
      test_count: c.integer().notNull().default(0).comment('Rows of tests; kept by the write path, in the same transaction'),
      bug_count: c.integer().notNull().default(0).comment('Rows of bugs; kept likewise'),
      feature_count: c.integer().notNull().default(0).comment('Rows of features; kept likewise'),
      search_text: c.text().notNull().comment('Name and description folded for search'),
      description: c.text(),
    }, { primaryKey: ['customer_id', 'id'], comment: 'What is tested' })

    await op.createTable('sections', {
      customer_id: customer,
      id,
      product_id: c.bigint().notNull(),
      name: c.text().notNull(),
      is_default: c.boolean().notNull().comment('The implicit section that every product has'),
    }, {
      primaryKey: ['customer_id', 'id'],
      // Serves: the sections of a product.
      indexes: [{ columns: ['customer_id', 'product_id'] }],
      foreignKeys: [ofCustomer('product_id', 'products')],
      comment: 'Parts of a product',
    })

    await op.createTable('features', {
      customer_id: customer,
      id,
      product_id: c.bigint().notNull(),
      title: c.text().notNull(),
      user_story_count: c.integer().notNull().comment('Rows of user_stories; kept by the write path'),
      search_text: c.text().notNull().comment('Title folded for search'),
      description: c.text(),
      how_to_find: c.text(),
    }, {
      primaryKey: ['customer_id', 'id'],
      // Serves: lists of features by title, and the count per product.
      indexes: [{ columns: ['customer_id', 'product_id', 'title', 'id'] }, { columns: ['customer_id', 'title', 'id'] }],
      foreignKeys: [ofCustomer('product_id', 'products')],
      comment: 'The catalogue of features, without the snapshots inside tests',
    })

    await op.createTable('feature_sections', { customer_id: customer, feature_id: c.bigint().notNull(), section_id: c.bigint().notNull() }, {
      primaryKey: ['customer_id', 'feature_id', 'section_id'],
      foreignKeys: [
        ofCustomer('feature_id', 'features', cascade),
        ofCustomer('section_id', 'sections', cascade),
      ],
      comment: 'A feature can be in several sections',
    })

    await op.createTable('user_stories', {
      customer_id: customer,
      feature_id: c.bigint().notNull(),
      position: c.integer().notNull().comment('Order within the feature, from 0'),
      story_id: c.bigint().comment('The id that TestIO gave; null where the API sends only the text'),
      title: c.text().notNull(),
    }, {
      primaryKey: ['customer_id', 'feature_id', 'position'],
      foreignKeys: [ofCustomer('feature_id', 'features', cascade)],
      comment: 'User stories of the catalogue features',
    })

    await op.createTable('reject_reasons', {
      customer_id: customer,
      key: c.text().notNull(),
      name: c.text().notNull(),
      default_comment: c.text().notNull().comment('The text that a rejection leaves in a comment'),
    }, { primaryKey: ['customer_id', 'key'], comment: 'The reasons for which the account can reject a bug' })

    await op.createTable('users', {
      customer_id: customer,
      id: c.bigint().notNull().comment('Made from role and name; the same in every copy of the account'),
      role: c.enum(['tester', 'customer']).notNull(),
      name: c.text().notNull().comment('The only identity upstream'),
      search_text: c.text().notNull().comment('Name folded for search'),
    }, {
      primaryKey: ['customer_id', 'id'],
      uniques: [{ columns: ['customer_id', 'role', 'name'] }],
      comment: 'Authors of bugs (tester) and people who set up tests (customer)',
    })

    await op.createTable('tests', {
      customer_id: customer,
      id,
      product_id: c.bigint().notNull(),
      section_id: c.bigint().comment('Null in the implicit default section'),
      title: c.text().notNull(),
      status: c.text().notNull().comment('Upstream word; an open list'),
      testing_type: c.text(),
      review_status: c.text(),
      start_at: c.instant(),
      end_at: c.instant().comment('The test date of every figure'),
      created_by: c.text(),
      submitted_by: c.text(),
      environment_id: c.bigint(),
      environment_title: c.text().comment('Title only: credentials are never stored'),
      report_language: c.text(),
      is_demo: c.boolean().notNull().default(false),
      enable_low: c.boolean(),
      enable_high: c.boolean(),
      enable_critical: c.boolean(),
      allowed_bug_types: c.json<readonly string[]>(),
      bugs_read_at: c.instant().comment('When all bugs of the test were last read completely; null when never'),
      bugs_read_status: c.text().comment('Status of the test at that reading; a final one here means the bugs are final too'),
      search_text: c.text().notNull().comment('Title folded for search'),
      goal: c.text(),
      out_of_scope: c.text(),
      instructions: c.text(),
    }, {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the default list order, and ranges of dates over the account.
        { columns: ['customer_id', 'end_at', 'id'] },
        // Serves: tests of a product by date; counts per product and in the last days.
        { columns: ['customer_id', 'product_id', 'end_at', 'status', 'id'] },
        // Serves: lists by status.
        { columns: ['customer_id', 'status', 'end_at', 'id'] },
      ],
      foreignKeys: [ofCustomer('product_id', 'products')],
      comment: 'Exploratory tests, upstream also called test cycles',
    })

    await op.createTable('test_platforms', {
      customer_id: customer,
      test_id: c.bigint().notNull(),
      position: c.integer().notNull(),
      category: c.text(),
      operating_system: c.text(),
      min_version: c.text(),
      max_version: c.text(),
      browsers: c.json<readonly string[]>().notNull(),
    }, {
      primaryKey: ['customer_id', 'test_id', 'position'],
      foreignKeys: [ofCustomer('test_id', 'tests', cascade)],
      comment: 'The devices that a test asks for, one row a requirement',
    })

    await op.createTable('bugs', {
      customer_id: customer,
      id,
      test_id: c.bigint().notNull(),
      product_id: c.bigint().notNull().comment('Of the test'),
      title: c.text().notNull(),
      kind: c.text().notNull().comment('functional, or the upstream word: visual, content, custom, …'),
      severity: c.enum(['low', 'high', 'critical']).comment('Of functional bugs only'),
      severity_rank: c.integer().notNull().comment('critical 3, high 2, low 1, none 0'),
      outcome: c.enum(['open', 'accepted', 'auto_accepted', 'rejected', 'other']).notNull(),
      status: c.text().notNull().comment('Upstream word behind the outcome'),
      rejection_reason: c.text().comment('Key of a reject reason or other; null when not rejected'),
      known: c.boolean().notNull(),
      tester: c.text().comment('Name of the author'),
      language: c.text(),
      reported_at: c.instant(),
      exported_at: c.instant(),
      external_id: c.text(),
      location: c.text(),
      expected_result: c.text(),
      actual_result: c.text(),
      steps: c.json<readonly string[]>().notNull().comment('[] where the bug has none'),
    }, {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the default list order, and ranges of dates over the account.
        { columns: ['customer_id', 'reported_at', 'id'] },
        // Serves: bugs of a test, and counts by outcome per test.
        { columns: ['customer_id', 'test_id', 'outcome', 'severity_rank'] },
        // Serves: bugs of a product by date, and the count per product.
        { columns: ['customer_id', 'product_id', 'reported_at', 'id'] },
        // Serves: lists by severity.
        { columns: ['customer_id', 'severity_rank', 'id'] },
        // Serves: bugs of a tester.
        { columns: ['customer_id', 'tester', 'reported_at'] },
      ],
      foreignKeys: [
        ofCustomer('test_id', 'tests'),
        ofCustomer('product_id', 'products'),
      ],
      comment: 'What testers reported',
    })

    await op.createTable('bug_devices', {
      customer_id: customer,
      bug_id: c.bigint().notNull(),
      position: c.integer().notNull(),
      category: c.text(),
      vendor: c.text(),
      model: c.text(),
      operating_system: c.text(),
      os_version: c.text(),
      browsers: c.json<readonly string[]>().notNull(),
    }, {
      primaryKey: ['customer_id', 'bug_id', 'position'],
      foreignKeys: [ofCustomer('bug_id', 'bugs', cascade)],
      comment: "The bug's own devices",
    })

    await op.createTable('bug_comments', {
      customer_id: customer,
      id,
      bug_id: c.bigint().notNull(),
      author: c.text(),
      created_at: c.instant(),
      body: c.text().notNull(),
    }, {
      primaryKey: ['customer_id', 'id'],
      // Serves: the comments of a bug.
      indexes: [{ columns: ['customer_id', 'bug_id'] }],
      foreignKeys: [ofCustomer('bug_id', 'bugs', cascade)],
      comment: 'What was said about a bug; also the only place where the reason of a rejection stands',
    })

    await op.createTable('payloads', {
      customer_id: customer,
      entity: c.enum(['product', 'feature', 'test', 'bug']).notNull(),
      entity_id: c.bigint().notNull(),
      hash: c.text().notNull().comment('Of the payload; equal hashes mean nothing changed'),
      fetched_at: c.instant().notNull().comment('When this content was first seen'),
      body: c.json().notNull().comment('As the API gave it, less every credential'),
    }, { primaryKey: ['customer_id', 'entity', 'entity_id'], comment: 'Raw payloads, off the path of every list' })

    await op.createTable('sync_streams', {
      customer_id: customer,
      product_id: c.bigint().notNull().comment('0 for what belongs to the account as a whole'),
      stream: c.enum(['products', 'reject_reasons', 'features', 'tests', 'bugs']).notNull(),
      last_attempt_at: c.instant(),
      last_success_at: c.instant().comment('When the stream was last read completely; null when never'),
      complete_from: c.instant().comment('Read completely only from this moment on; null means all of it'),
      last_error_code: c.text().comment('Of the last attempt; null when that succeeded'),
      last_error_at: c.instant(),
    }, { primaryKey: ['customer_id', 'product_id', 'stream'], comment: 'How fresh and how complete each stream is' })

    await op.createTable('sync_runs', {
      customer_id: customer,
      id: c.bigint().notNull().comment('1, 2, 3, … per customer'),
      mode: c.text().notNull(),
      started_at: c.instant().notNull(),
      finished_at: c.instant(),
      outcome: c.enum(['success', 'partial', 'failed', 'cancelled', 'interrupted']).comment('Null while it runs'),
      request_count: c.integer().notNull().default(0),
      new_count: c.integer().notNull().default(0),
      changed_count: c.integer().notNull().default(0),
      unchanged_count: c.integer().notNull().default(0),
      error_code: c.text(),
    }, { primaryKey: ['customer_id', 'id'], comment: 'The ledger of syncs' })

    await op.createTable('sync_run_steps', {
      customer_id: customer,
      run_id: c.bigint().notNull(),
      product_id: c.bigint().notNull(),
      stream: c.text().notNull(),
      outcome: c.enum(['success', 'partial', 'failed', 'cancelled', 'interrupted']).notNull(),
      started_at: c.instant().notNull(),
      finished_at: c.instant().notNull(),
      new_count: c.integer().notNull(),
      changed_count: c.integer().notNull(),
      unchanged_count: c.integer().notNull(),
      quarantined_count: c.integer().notNull(),
      error_code: c.text(),
    }, {
      primaryKey: ['customer_id', 'run_id', 'product_id', 'stream'],
      foreignKeys: [ofCustomer('run_id', 'sync_runs', cascade)],
      comment: 'What a sync did, per product and stream',
    })
  },

  async downgrade(op) {
    const tables = [
      'sync_run_steps', 'sync_runs', 'sync_streams', 'payloads', 'bug_comments', 'bug_devices',
      'bugs', 'test_platforms', 'tests', 'users', 'reject_reasons', 'user_stories',
      'feature_sections', 'features', 'sections', 'products',
    ]
    for (const table of tables) await op.dropTable(table)
  },
})

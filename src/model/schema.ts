/**
 * Tidemark's own tables, as they stand at the head of `migrations/`. Every primary key and every foreign key begins
 * with `customer_id`, so a row of one customer can never refer to, overwrite or be counted with a row of another.
 * The wide texts stand last in their tables and raw payloads in a table of their own: a list or an aggregate reads neither.
 */
import { c } from '../schema/column.ts'
import { defineSchema, table } from '../schema/table.ts'
import type { Database, Insert, Row } from '../schema/types.ts'

const customer = c.bigint().notNull().comment('The TestIO customer account; first in every key')
const id = c.bigint().notNull().comment('The id that TestIO gave')
const deletedAt = c.instant().comment('When it was found to be gone upstream; null while it is there')

/** Kept beside the devices: bugs are counted by the few sets there are before these are taken apart. */
const deviceSet = (what: string) =>
  c.json<readonly string[]>().notNull().defaultSql(`'[]'`).comment(`The ${what} of its devices, each once, by code point; kept by the write path`)

export const schema = defineSchema({
  products: table(
    {
      customer_id: customer,
      id,
      name: c.text().notNull(),
      type: c.text().comment('Upstream word: website, mobile_app_ios, …'),
      default_section_id: c.bigint(),
      test_count: c.integer().notNull().default(0).comment('Rows of tests that are not deleted; kept by the write path, in the same transaction'),
      bug_count: c.integer().notNull().default(0).comment('Rows of bugs that are not deleted; kept likewise'),
      feature_count: c.integer().notNull().default(0).comment('Rows of features that are not deleted; kept likewise'),
      deleted_at: deletedAt,
      search_text: c.text().notNull().comment('Name and description folded for search'),
      description: c.text(),
    },
    {
      primaryKey: ['customer_id', 'id'],
      // Serves: the totals of lists, which are sums of the kept counts.
      indexes: [{ name: 'ix_products_counts', columns: ['customer_id', 'deleted_at', 'test_count', 'bug_count', 'id'] }],
      comment: 'What is tested',
    },
  ),

  sections: table(
    {
      customer_id: customer,
      id,
      product_id: c.bigint().notNull(),
      name: c.text().notNull(),
      is_default: c.boolean().notNull().comment('The implicit section that every product has'),
    },
    {
      primaryKey: ['customer_id', 'id'],
      // Serves: the sections of a product.
      indexes: [{ columns: ['customer_id', 'product_id'] }],
      foreignKeys: [{ columns: ['customer_id', 'product_id'], references: { table: 'products', columns: ['customer_id', 'id'] } }],
      comment: 'Parts of a product',
    },
  ),

  features: table(
    {
      customer_id: customer,
      id,
      product_id: c.bigint().notNull(),
      title: c.text().notNull(),
      user_story_count: c.integer().notNull().comment('Rows of user_stories; kept by the write path'),
      deleted_at: deletedAt,
      search_text: c.text().notNull().comment('Title folded for search'),
      description: c.text(),
      how_to_find: c.text(),
    },
    {
      primaryKey: ['customer_id', 'id'],
      // Serves: lists of features by title, and the count per product. Ends in deleted_at, as all of these indexes do, so
      // that what is gone is left out without a look at the row.
      indexes: [{ columns: ['customer_id', 'product_id', 'title', 'id', 'deleted_at'] }, { columns: ['customer_id', 'title', 'id', 'deleted_at'] }],
      foreignKeys: [{ columns: ['customer_id', 'product_id'], references: { table: 'products', columns: ['customer_id', 'id'] } }],
      comment: 'The catalogue of features, without the snapshots inside tests',
    },
  ),

  feature_sections: table(
    { customer_id: customer, feature_id: c.bigint().notNull(), section_id: c.bigint().notNull() },
    {
      primaryKey: ['customer_id', 'feature_id', 'section_id'],
      foreignKeys: [
        { columns: ['customer_id', 'feature_id'], references: { table: 'features', columns: ['customer_id', 'id'] }, onDelete: 'cascade' },
        { columns: ['customer_id', 'section_id'], references: { table: 'sections', columns: ['customer_id', 'id'] }, onDelete: 'cascade' },
      ],
      comment: 'A feature can be in several sections',
    },
  ),

  user_stories: table(
    {
      customer_id: customer,
      feature_id: c.bigint().notNull(),
      position: c.integer().notNull().comment('Order within the feature, from 0'),
      story_id: c.bigint().comment('The id that TestIO gave; null where the API sends only the text'),
      title: c.text().notNull(),
    },
    {
      primaryKey: ['customer_id', 'feature_id', 'position'],
      foreignKeys: [{ columns: ['customer_id', 'feature_id'], references: { table: 'features', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'User stories of the catalogue features',
    },
  ),

  reject_reasons: table(
    {
      customer_id: customer,
      key: c.text().notNull(),
      name: c.text().notNull(),
      default_comment: c.text().notNull().comment('The text that a rejection leaves in a comment'),
    },
    { primaryKey: ['customer_id', 'key'], comment: 'The reasons for which the account can reject a bug' },
  ),

  users: table(
    {
      customer_id: customer,
      id: c.bigint().notNull().comment('Made from role and name; the same in every copy of the account'),
      role: c.enum(['tester', 'customer']).notNull(),
      name: c.text().notNull().comment('The only identity upstream'),
      search_text: c.text().notNull().comment('Name folded for search'),
    },
    {
      primaryKey: ['customer_id', 'id'],
      uniques: [{ columns: ['customer_id', 'role', 'name'] }],
      comment: 'Authors of bugs (tester) and people who set up tests (customer)',
    },
  ),

  tests: table(
    {
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
      bugs_read_at: c.instant().comment('When all bugs of the test were first read completely in the status of bugs_read_status; null when never'),
      bugs_read_status: c.text().comment('Status of the test at that reading; a final one here means the bugs are final too'),
      refreshed_at: c.instant().comment('When the test and its bugs were last read for themselves, between two syncs'),
      deleted_at: deletedAt,
      search_text: c.text().notNull().comment('Title folded for search'),
      goal: c.text(),
      out_of_scope: c.text(),
      instructions: c.text(),
    },
    {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the default list order, and ranges of dates over the account.
        { columns: ['customer_id', 'end_at', 'id', 'deleted_at'] },
        // Serves: tests of a product by date; counts per product and in the last days.
        { columns: ['customer_id', 'product_id', 'end_at', 'status', 'id', 'deleted_at'] },
        // Serves: lists by status.
        { columns: ['customer_id', 'status', 'end_at', 'id', 'deleted_at'] },
        // Serves: the tests that somebody set up; people and what they did.
        { name: 'ix_tests_of_creator', columns: ['customer_id', 'created_by', 'deleted_at', 'start_at', 'end_at', 'id'] },
        // Serves: likewise, for those who submitted them.
        { name: 'ix_tests_of_submitter', columns: ['customer_id', 'submitted_by', 'created_by', 'deleted_at', 'start_at', 'end_at', 'id'] },
      ],
      foreignKeys: [{ columns: ['customer_id', 'product_id'], references: { table: 'products', columns: ['customer_id', 'id'] } }],
      comment: 'Exploratory tests, upstream also called test cycles',
    },
  ),

  test_platforms: table(
    {
      customer_id: customer,
      test_id: c.bigint().notNull(),
      position: c.integer().notNull(),
      category: c.text(),
      operating_system: c.text(),
      min_version: c.text(),
      max_version: c.text(),
      browsers: c.json<readonly string[]>().notNull(),
    },
    {
      primaryKey: ['customer_id', 'test_id', 'position'],
      foreignKeys: [{ columns: ['customer_id', 'test_id'], references: { table: 'tests', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'The devices that a test asks for, one row a requirement',
    },
  ),

  test_features: table(
    {
      customer_id: customer,
      id: c.bigint().notNull().comment('Id of the snapshot, unique to the test'),
      test_id: c.bigint().notNull(),
      feature_id: c.bigint().comment('The catalogue feature, which may be gone; null on some old tests'),
      title: c.text().notNull().comment('As it was when the test was made'),
    },
    {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the features of a test.
        { columns: ['customer_id', 'test_id'] },
        // Serves: tests and bugs of a feature.
        { columns: ['customer_id', 'feature_id', 'test_id'] },
      ],
      foreignKeys: [{ columns: ['customer_id', 'test_id'], references: { table: 'tests', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'Snapshots of features inside tests',
    },
  ),

  bugs: table(
    {
      customer_id: customer,
      id,
      test_id: c.bigint().notNull(),
      product_id: c.bigint().notNull().comment('Of the test'),
      test_feature_id: c.bigint().comment('The snapshot it was reported on; null on some bugs'),
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
      deleted_at: deletedAt,
      location: c.text(),
      expected_result: c.text(),
      actual_result: c.text(),
      steps: c.json<readonly string[]>().notNull().comment('[] where the bug has none'),
      operating_systems: deviceSet('operating systems'),
      device_categories: deviceSet('categories'),
      browsers: deviceSet('browsers'),
    },
    {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the default list order, and ranges of dates over the account.
        { columns: ['customer_id', 'reported_at', 'id', 'deleted_at'] },
        // Serves: bugs of a test, counts per test, and analytics, which finds all that it reads of a bug here.
        { name: 'ix_bugs_of_test', columns: ['customer_id', 'test_id', 'test_feature_id', 'outcome', 'severity_rank', 'deleted_at', 'kind', 'tester', 'rejection_reason', 'known', 'language', 'id'] },
        // Serves: analytics by what the devices of a bug are, likewise.
        {
          name: 'ix_bugs_of_test_by_device',
          columns: [
            'customer_id', 'test_id', 'test_feature_id', 'outcome', 'severity_rank', 'deleted_at', 'kind', 'tester', 'rejection_reason', 'known', 'language',
            'operating_systems', 'device_categories', 'browsers', 'id',
          ],
        },
        // Serves: bugs of a product by date, and the count per product.
        { columns: ['customer_id', 'product_id', 'reported_at', 'id', 'deleted_at'] },
        // Serves: lists by severity.
        { columns: ['customer_id', 'severity_rank', 'id', 'deleted_at'] },
        // Serves: bugs of a feature.
        { columns: ['customer_id', 'test_feature_id', 'deleted_at'] },
        // Serves: bugs of a tester, people and what they did, and analytics by tester, which find all that they read of a bug here.
        { name: 'ix_bugs_of_tester', columns: ['customer_id', 'tester', 'reported_at', 'deleted_at', 'test_id', 'outcome', 'severity_rank', 'known', 'id'] },
      ],
      foreignKeys: [
        { columns: ['customer_id', 'test_id'], references: { table: 'tests', columns: ['customer_id', 'id'] } },
        { columns: ['customer_id', 'product_id'], references: { table: 'products', columns: ['customer_id', 'id'] } },
        { columns: ['customer_id', 'test_feature_id'], references: { table: 'test_features', columns: ['customer_id', 'id'] } },
      ],
      comment: 'What testers reported',
    },
  ),

  bug_devices: table(
    {
      customer_id: customer,
      bug_id: c.bigint().notNull(),
      position: c.integer().notNull(),
      category: c.text(),
      vendor: c.text(),
      model: c.text(),
      operating_system: c.text(),
      os_version: c.text(),
      browsers: c.json<readonly string[]>().notNull(),
    },
    {
      primaryKey: ['customer_id', 'bug_id', 'position'],
      foreignKeys: [{ columns: ['customer_id', 'bug_id'], references: { table: 'bugs', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: "The bug's own devices",
    },
  ),

  bug_comments: table(
    {
      customer_id: customer,
      id,
      bug_id: c.bigint().notNull(),
      author: c.text(),
      created_at: c.instant(),
      body: c.text().notNull(),
    },
    {
      primaryKey: ['customer_id', 'id'],
      // Serves: the comments of a bug.
      indexes: [{ columns: ['customer_id', 'bug_id'] }],
      foreignKeys: [{ columns: ['customer_id', 'bug_id'], references: { table: 'bugs', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'What was said about a bug; also the only place where the reason of a rejection stands',
    },
  ),

  payloads: table(
    {
      customer_id: customer,
      entity: c.enum(['product', 'feature', 'test', 'bug']).notNull(),
      entity_id: c.bigint().notNull(),
      hash: c.text().notNull().comment('Of the payload; equal hashes mean nothing changed'),
      fetched_at: c.instant().notNull().comment('When this content was first seen'),
      body: c.json().notNull().comment('As the API gave it, less every credential'),
    },
    { primaryKey: ['customer_id', 'entity', 'entity_id'], comment: 'Raw payloads, off the path of every list' },
  ),

  sync_streams: table(
    {
      customer_id: customer,
      product_id: c.bigint().notNull().comment('0 for what belongs to the account as a whole'),
      stream: c.enum(['products', 'reject_reasons', 'features', 'tests', 'bugs']).notNull(),
      last_attempt_at: c.instant(),
      last_success_at: c.instant().comment('When the stream was last read completely; null when never'),
      complete_from: c.instant().comment('Read completely only from this moment on; null means all of it'),
      proven_at: c.instant().comment('Everything that was there at this moment is stored; null when the stream was never read to its end'),
      full_read_at: c.instant().comment('When it was last read from end to end: until then also changes of what is final are known, and deletions'),
      last_error_code: c.text().comment('Of the last attempt; null when that succeeded'),
      last_error_at: c.instant(),
      failures: c.integer().notNull().default(0).comment('Attempts that failed since the last success'),
      next_attempt_at: c.instant().comment('Not tried again by itself before this moment; null when nothing stands against it'),
    },
    { primaryKey: ['customer_id', 'product_id', 'stream'], comment: 'How fresh and how complete each stream is' },
  ),

  sync_runs: table(
    {
      customer_id: customer,
      id: c.bigint().notNull().comment('1, 2, 3, … per customer'),
      mode: c.text().notNull(),
      product_ids: c.json<readonly number[]>().comment('The products that were asked for; null for all'),
      since: c.instant().comment('Tests that ended before were left alone; null for none'),
      holder: c.text().comment('The program that ran it, in its own words'),
      started_at: c.instant().notNull(),
      heartbeat_at: c.instant().comment('When it last said how far it is'),
      finished_at: c.instant(),
      outcome: c.enum(['success', 'partial', 'failed', 'cancelled', 'interrupted']).comment('Null while it runs'),
      request_count: c.integer().notNull().default(0),
      new_count: c.integer().notNull().default(0),
      changed_count: c.integer().notNull().default(0),
      unchanged_count: c.integer().notNull().default(0),
      deleted_count: c.integer().notNull().default(0),
      quarantined_count: c.integer().notNull().default(0),
      done_count: c.integer().notNull().default(0).comment('Units of work that are done: pages and batches'),
      expected_count: c.integer().notNull().default(0).comment('Units of work that were expected when it last said how far it is'),
      error_code: c.text(),
    },
    { primaryKey: ['customer_id', 'id'], comment: 'The ledger of syncs' },
  ),

  sync_run_steps: table(
    {
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
      deleted_count: c.integer().notNull().default(0),
      request_count: c.integer().notNull().default(0),
      error_code: c.text(),
      error_message: c.text().comment('In our words: what failed, why, what to do next'),
    },
    {
      primaryKey: ['customer_id', 'run_id', 'product_id', 'stream'],
      foreignKeys: [{ columns: ['customer_id', 'run_id'], references: { table: 'sync_runs', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'What a sync did, per product and stream',
    },
  ),

  quarantine: table(
    {
      customer_id: customer,
      product_id: c.bigint().notNull().comment('0 for what belongs to the account as a whole'),
      stream: c.enum(['products', 'reject_reasons', 'features', 'tests', 'bugs']).notNull(),
      key: c.text().notNull().comment('Which record: id:<its id>, after:<id of the one before it>, first, or test:<id> for all bugs of a test'),
      entity_id: c.bigint().comment('Its id; null where even that cannot be read'),
      error_code: c.text().notNull(),
      reason: c.text().notNull().comment('In our words; nothing of the record itself'),
      attempts: c.integer().notNull().comment('How often it was tried in vain'),
      first_seen_at: c.instant().notNull(),
      last_attempt_at: c.instant().notNull(),
      next_retry_at: c.instant().notNull().comment('Looked for by the first sync after this moment, wherever it stands'),
    },
    { primaryKey: ['customer_id', 'product_id', 'stream', 'key'], comment: 'Records that the API did not give, or in a form that cannot be read' },
  ),

  leases: table(
    {
      customer_id: customer,
      name: c.text().notNull().comment('What it is for: sync'),
      owner: c.text().notNull().comment('Made anew each time it is taken'),
      holder: c.text().notNull().comment('The program that has it, in its own words'),
      run_id: c.bigint().comment('The run it is held for; null before that has an id'),
      acquired_at: c.instant().notNull(),
      heartbeat_at: c.instant().notNull(),
      expires_at: c.instant().notNull().comment('From then on anybody may take it'),
    },
    { primaryKey: ['customer_id', 'name'], comment: 'Who may write what one program at a time may write' },
  ),
})

export type TidemarkSchema = typeof schema
/** The database type for Kysely. */
export type TidemarkDatabase = Database<TidemarkSchema>
/** A table of Tidemark's own schema. */
export type TableName = keyof TidemarkDatabase
/** A row of a table as queries give it. */
export type RowOf<Name extends TableName> = Row<TidemarkSchema, Name>
/** What an insert into a table takes. */
export type InsertOf<Name extends TableName> = Insert<TidemarkSchema, Name>

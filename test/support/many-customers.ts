/** A database that many customers share, each with rows of the same ids, written by plain statements: for tests of plans. */
import type { Storage } from '../../src/storage/storage.ts'

/** So many that a statement which reads rows of others is seen in its plan; PostgreSQL takes an index only for a small part of a table. */
const customers = 30
const products = 5
const testsOfEach = 60
const bugsOfTest = 8

/** Fills every table that a question reads. The customer of a test is one of them. */
export async function fillForManyCustomers(storage: Storage): Promise<void> {
  for (const sql of rows(storage.dialect)) await storage.query({ sql })
  // Statistics are for PostgreSQL, which plans by them, and new words stand beside its full-text index until a vacuum. On SQLite a copy never has any.
  if (storage.dialect === 'postgres') await storage.query({ sql: 'vacuum analyze' })
}

function rows(dialect: Storage['dialect']): readonly string[] {
  const sqlite = dialect === 'sqlite'
  const numbers = (column: string, count: number): string =>
    sqlite
      ? `(with recursive n(${column}) as (select 1 union all select ${column} + 1 from n where ${column} < ${count}) select ${column} from n) as of_${column}`
      : `generate_series(1, ${count}) as of_${column}(${column})`
  const text = (prefix: string, number: string): string => `'${prefix} ' || cast(${number} as text)`
  const instant = (value: string): string => (sqlite ? value : `cast(${value} as timestamptz)`)
  const no = sqlite ? '0' : 'false'
  const customer = numbers('c', customers)
  const product = `${customer} cross join ${numbers('p', products)}`
  const test = `${customer} cross join ${numbers('t', testsOfEach)}`
  const bug = `${test} cross join ${numbers('b', bugsOfTest)}`
  const id = `t * 100 + b`
  const year = instant(`case t % 2 when 0 then '2025-08-01T10:00:00.000Z' else '2024-08-01T10:00:00.000Z' end`)
  const day = instant(`'2025-08-0' || cast(b as text) || 'T10:00:00.000Z'`)
  const synced = instant(`'2026-11-20T11:00:00.000Z'`)
  return [
    `insert into products (customer_id, id, name, test_count, bug_count, feature_count, search_text) select c, p, ${text('Product', 'p')}, 12, 96, 12, ${text('product', 'p')} from ${product}`,
    `insert into sections (customer_id, id, product_id, name, is_default) select c, p, p, 'Default', ${no} from ${product}`,
    `insert into features (customer_id, id, product_id, title, user_story_count, search_text) select c, t, 1 + t % ${products}, ${text('Feature', 't')}, t % 2, ${text('feature', 't')} from ${test}`,
    `insert into feature_sections (customer_id, feature_id, section_id) select c, t, 1 + t % ${products} from ${test}`,
    `insert into user_stories (customer_id, feature_id, position, title) select c, t, 0, 'Story' from ${test} where t % 2 = 1`,
    `insert into reject_reasons (customer_id, key, name, default_comment) select c, 'other', 'Other', 'Other' from ${customer}`,
    `insert into users (customer_id, id, role, name, search_text) select c, b, 'tester', ${text('tester', 'b')}, ${text('tester', 'b')} from ${customer} cross join ${numbers('b', bugsOfTest)}`,
    `insert into users (customer_id, id, role, name, search_text) select c, 100 + t, 'customer', ${text('lead', 't')}, ${text('lead', 't')} from ${test}`,
    `insert into tests (customer_id, id, product_id, section_id, title, status, testing_type, start_at, end_at, created_by, submitted_by, search_text)
      select c, t, 1 + t % ${products}, 1 + t % ${products}, ${text('Test', 't')}, case t % 10 when 0 then 'running' else 'locked' end, 'coverage', ${year}, ${year}, ${text('lead', 't')}, ${text('lead', '1 + t % 7')}, ${text('test', 't')} from ${test}`,
    `insert into test_platforms (customer_id, test_id, position, operating_system, browsers) select c, t, 0, 'Windows', '[]' from ${test}`,
    `insert into test_features (customer_id, id, test_id, feature_id, title) select c, t * 10 + f, t, f, ${text('Feature', 'f')} from ${test} cross join ${numbers('f', 3)}`,
    `insert into bugs (customer_id, id, test_id, product_id, test_feature_id, title, kind, severity, severity_rank, outcome, status, known, tester, rejection_reason, reported_at, steps, operating_systems, device_categories, browsers)
      select c, ${id}, t, 1 + t % ${products}, t * 10 + 1 + b % 3, 'Bug', 'functional', 'low', 1, case b % 2 when 0 then 'rejected' else 'accepted' end, '', ${no}, ${text('tester', 'b')}, case b % 2 when 0 then 'other' end, ${day}, '[]', '["Windows"]', '["Computers"]', '["Chrome"]' from ${bug}`,
    `insert into bug_devices (customer_id, bug_id, position, category, operating_system, browsers) select c, ${id}, 0, 'Computers', 'Windows', '["Chrome"]' from ${bug}`,
    `insert into bug_comments (customer_id, id, bug_id, author, body) select c, ${id}, ${id}, ${text('lead', 't')}, 'Comment' from ${bug}`,
    `insert into sync_streams (customer_id, product_id, stream, last_success_at) select c, 0, 'products', ${synced} from ${customer}`,
    ...['features', 'tests', 'bugs'].map((stream) => `insert into sync_streams (customer_id, product_id, stream, last_success_at) select c, p, '${stream}', ${synced} from ${product}`),
    `insert into sync_runs (customer_id, id, mode, started_at, finished_at, outcome) select c, t, 'hybrid', ${synced}, ${synced}, 'success' from ${test}`,
    `insert into quarantine (customer_id, product_id, stream, key, error_code, reason, attempts, first_seen_at, last_attempt_at, next_retry_at)
      select c, p, 'bugs', 'first', 'response_invalid', '', 1, ${synced}, ${synced}, ${synced} from ${product}`,
    ...searchRows(sqlite, bug, id, day),
  ]
}

/** Each bug is found by its name and by a word of its own. */
function searchRows(sqlite: boolean, bug: string, id: string, day: string): readonly string[] {
  const document = `c, 'bug', ${id}, 1 + t % ${products}, ${day}, 2, '  bug  '`
  const own = `'w' || cast(${id} as text)`
  if (!sqlite) {
    return [`insert into search_documents (customer_id, entity, id, product_id, date, length, title_words, words, lexemes)
      select ${document}, '  bug  ' || ${own} || '  ', array_to_tsvector(array[c || ':bug', c || ':' || ${own}]) from ${bug}`]
  }
  return [
    `insert into search_documents (customer_id, entity, id, product_id, date, length, title_words) select ${document} from ${bug}`,
    `insert into search_index (docid, words) select rowid, '  bug  w' || id || '  ' from search_documents`,
  ]
}

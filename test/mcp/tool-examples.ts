/**
 * Arguments for every tool, for tests that walk through all of them: a tool without an entry fails those tests, so that a new
 * one is covered from its first day. More than one call where a tool has several shapes of answer.
 */
import type { Tidemark } from '../../src/tidemark.ts'

export type Arguments = Readonly<Record<string, unknown>>

export interface KnownIds {
  readonly product: number
  readonly test: number
  readonly bug: number
  readonly feature: number
  readonly user: number
  /** Of people, as they are stored. */
  readonly testers: readonly string[]
  /** A free name for a saved report. */
  readonly report: string
}

/** Ids of records that have much to show: the test with the most bugs, its first bug, and what these belong to. */
export async function knownIds(tidemark: Tidemark, report = 'example'): Promise<KnownIds> {
  const tests = await tidemark.tests.list({ limit: 100, includeBugCounts: true, statuses: ['archived', 'locked', 'running'] })
  const test = tests.items.toSorted((a, b) => (b.bugs?.total ?? 0) - (a.bugs?.total ?? 0))[0]
  const { items: bugs } = await tidemark.bugs.list({ testIds: [test?.id ?? 0], limit: 100 })
  const { items: features } = await tidemark.features.list({ sortBy: 'bug_count', limit: 1 })
  const { items: users } = await tidemark.users.list({ role: 'tester', sortBy: 'bug_count', limit: 2 })
  return {
    product: test?.productId ?? 0, test: test?.id ?? 0, bug: bugs[0]?.id ?? 0, feature: features[0]?.id ?? 0, user: users[0]?.id ?? 0,
    testers: users.map(({ name }) => name), report,
  }
}

/** Tools that change the copy or wait for the API stand last. */
export const toolExamples: Readonly<Record<string, (ids: KnownIds) => readonly Arguments[]>> = {
  list_products: () => [{ limit: 100 }, { search: 'zq' }],
  list_tests: ({ product }) => [{ limit: 100, include_bug_counts: true }, { product_ids: [product, 999_999_999], from: '5 years ago' }],
  list_bugs: ({ test, testers }) => [{ limit: 100 }, { test_ids: [test], sort_by: 'severity' }, { testers, kinds: ['functional'] }],
  list_features: ({ product }) => [{ limit: 100 }, { product_ids: [product], has_user_stories: true }],
  list_users: () => [{ limit: 100 }, { role: 'customer' }],
  get_product_summary: ({ product }) => [{ product_id: product }],
  get_test_summary: ({ test }) => [{ test_id: test }],
  get_feature_summary: ({ feature }) => [{ feature_id: feature }],
  get_user_summary: ({ user }) => [{ user_id: user }],
  get_bug_summary: ({ bug }) => [{ bug_id: bug }],
  search: () => [{ query: 'zqhostile', limit: 100 }, { query: 'basket' }],
  get_analytics_capabilities: () => [{}],
  query_metrics: ({ product, testers }) => [
    { metrics: ['bug_count'] },
    ...['product', 'test', 'section', 'test_status', 'testing_type', 'created_by', 'test_environment', 'required_platform', 'feature', 'kind', 'tester', 'rejection_reason', 'language', 'platform', 'browser', 'device_category']
      .map((dimension) => ({ metrics: ['bug_count', 'test_count', 'rejection_rate'], dimensions: [dimension], limit: 1000 })),
    { metrics: ['bug_count'], dimensions: ['product', 'tester', 'severity'], filters: { tester: [...testers], product_id: product }, other: true, limit: 3, drill: true, compare: 'previous', from: '3 years ago' },
  ],
  generate_quality_report: ({ product, report }) => [{ product_ids: [product] }, { product_ids: [product], format: 'csv', save_as: `${report}.csv` }, { product_ids: [product], format: 'html', save_as: `${report}.html` }],
  get_sync_status: () => [{}, { run_id: 1 }],
  get_quarantine: () => [{}],
  get_server_diagnostics: () => [{}],
  sync_data: ({ product }) => [{ product_ids: [product], mode: 'force' }],
}

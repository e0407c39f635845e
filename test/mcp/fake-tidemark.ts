/** A Tidemark made of plain values, for tests about the protocol: what a database would answer is written down in the test. */
import { analyticsCapabilities } from '../../src/analytics/capabilities.ts'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { defaultThresholds } from '../../src/reports/health.ts'
import type { QualityReport } from '../../src/reports/quality-report.ts'
import type { BugItem, BugSummary, FeatureSummary, ProductItem, ProductSummary, TestItem, TestSummary, UserSummary } from '../../src/repositories/items.ts'
import type { ListOptions, ListResult } from '../../src/repositories/list.ts'
import type { SearchItem } from '../../src/search/search.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import type { SyncResult } from '../../src/sync/types.ts'

export interface FakeContents {
  readonly products?: readonly ProductItem[] | undefined
  readonly tests?: readonly TestItem[] | undefined
  readonly bugs?: readonly BugItem[] | undefined
  readonly found?: readonly SearchItem[] | undefined
  /** Instead of the products and tests above. */
  readonly listProducts?: Tidemark['products']['list'] | undefined
  readonly listTests?: Tidemark['tests']['list'] | undefined
  readonly testSummary?: TestSummary | undefined
  readonly query?: ((question: AnalyticsQuestion) => Promise<object>) | undefined
  readonly quality?: Tidemark['reports']['quality'] | undefined
  readonly writeQuality?: Tidemark['reports']['writeQuality'] | undefined
  readonly sync?: Tidemark['sync'] | undefined
  readonly schedule?: Tidemark['schedule'] | undefined
  readonly syncStatus?: Tidemark['syncStatus'] | undefined
  readonly listQuarantine?: Tidemark['quarantine']['list'] | undefined
  readonly diagnostics?: Tidemark['diagnostics'] | undefined
  readonly close?: Tidemark['close'] | undefined
}

export interface FakeTidemark extends Tidemark {
  /** The options of every list call, in order. */
  readonly listed: readonly object[]
}

export const fresh = { asOf: '2025-08-01T00:00:00.000Z', ageSeconds: 60, stale: false, incomplete: false }
const noBugs = { total: 0, open: 0, accepted: 0, autoAccepted: 0, rejected: 0, other: 0 }

export function fakeTidemark(contents: FakeContents = {}): FakeTidemark {
  const listed: object[] = []
  const list = <Item>(items: readonly Item[]) => async (options: ListOptions<string> = {}): Promise<ListResult<Item>> => {
    listed.push(options)
    const { limit = 20 } = options
    const offset = options.cursor === undefined ? (options.offset ?? 0) : Number(options.cursor)
    const page = items.slice(offset, offset + limit)
    const hasMore = offset + limit < items.length
    return {
      items: page, total: items.length, returned: page.length, offset, hasMore, nextCursor: hasMore ? String(offset + limit) : null,
      filters: {}, freshness: fresh, warnings: [],
    }
  }
  const missing = async (): Promise<never> => {
    throw new RangeError('not part of this fake')
  }
  return {
    listed,
    customerId: 1,
    get storage(): never {
      throw new RangeError('not part of this fake')
    },
    products: { list: contents.listProducts ?? list(contents.products ?? []), summary: async (id) => productSummary({ id }) },
    tests: { list: contents.listTests ?? list(contents.tests ?? []), summary: async (id) => contents.testSummary ?? testSummary({ id }) },
    bugs: { list: list(contents.bugs ?? []), summary: async (id) => bugSummary({ id }) },
    features: { list: list([]), summary: async (id) => featureSummary({ id }) },
    search: async (_text, options) => list(contents.found ?? [])(options),
    rebuildSearchIndex: missing,
    users: { list: list([]), summary: async (id) => userSummary({ id }) },
    // An answer of another question than the one that was asked has other keys, which its type cannot say here.
    reports: { thresholds: defaultThresholds, quality: contents.quality ?? (async () => emptyReport()), writeQuality: contents.writeQuality ?? missing },
    analytics: { query: (contents.query ?? (async () => analyticsAnswer())) as Tidemark['analytics']['query'], capabilities: analyticsCapabilities },
    sync: contents.sync ?? (async () => syncResult()),
    syncStatus: contents.syncStatus ?? (async () => ({ running: null, runs: [], streams: [] })),
    schedule: contents.schedule ?? missing,
    quarantine: { list: contents.listQuarantine ?? (async () => []), retry: missing, clear: missing },
    diagnostics: contents.diagnostics ?? (async () => ({
      version: '1.2.3',
      database: { engine: 'sqljs', revision: 'abc', atHead: true, sizeBytes: 4096, counts: { products: 1, tests: 2, bugs: 3, features: 4, users: 5 } },
      api: { reachable: true, latencyMs: 12.5, error: null },
      sync: { lastSuccessAt: fresh.asOf, lastRun: { id: 7, outcome: null, startedAt: fresh.asOf, finishedAt: null }, successRate24h: 0.5, breaker: { state: 'open', failures: 5, openUntil: fresh.asOf } },
      checks: [{ name: 'database', ok: true, detail: '1 products', fix: null }],
    })),
    close: contents.close ?? (async () => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

export function testItem(overrides: Partial<TestItem> = {}): TestItem {
  return {
    id: 1, productId: 2, title: 'Checkout', status: 'archived', testingType: 'rapid', reviewStatus: null, startAt: null, endAt: '2025-07-01T00:00:00.000Z',
    createdBy: null, submittedBy: null, environment: { id: 3, title: 'Staging' }, ...overrides,
  }
}

export function productItem(overrides: Partial<ProductItem> = {}): ProductItem {
  return {
    id: 2, name: 'Shop', type: 'website', description: null, testCount: 1, bugCount: 0, featureCount: 0, testsLast30Days: 0, testsLast90Days: 1,
    lastTestEndAt: null, ...overrides,
  }
}

export function bugItem(overrides: Partial<BugItem> = {}): BugItem {
  return {
    id: 9, testId: 1, productId: 2, featureId: null, title: 'Button does nothing', kind: 'functional', severity: 'high', outcome: 'open', rejectionReason: null,
    known: false, tester: 'Ada', reportedAt: '2025-07-01T10:00:00.000Z', ...overrides,
  }
}

const noFigures = {
  bugs: noBugs,
  rates: { overallAcceptanceRate: null, activeAcceptanceRate: null, autoAcceptanceRate: null, rejectionRate: null, reviewRate: null },
  knownBugCount: 0, bugsBySeverity: { critical: 0, high: 0, low: 0 }, bugsByKind: [], bugsByPlatform: [], newestBugs: [],
}

export function testSummary(overrides: Partial<TestSummary> = {}): TestSummary {
  return {
    ...testItem(), product: { id: 2, name: 'Shop' }, section: null, goal: null, outOfScope: null, instructions: null, reportLanguage: 'en',
    requirements: ['Windows 10+'], reportable: { low: null, high: true, critical: true }, features: [], ...noFigures, freshness: fresh, ...overrides,
  }
}

function productSummary(overrides: Partial<ProductSummary> = {}): ProductSummary {
  return { ...productItem(), sections: [], testsByStatus: [{ status: 'archived', count: 1 }], ...noFigures, newestTests: [testItem()], freshness: fresh, ...overrides }
}

function featureSummary(overrides: Partial<FeatureSummary> = {}): FeatureSummary {
  return {
    id: 3, productId: 2, title: 'Login', userStoryCount: 1, testCount: 1, bugCount: 0, product: { id: 2, name: 'Shop' }, description: null, howToFind: null,
    userStories: ['A person logs in'], sections: [], ...noFigures, newestTests: [], freshness: fresh, ...overrides,
  }
}

function userSummary(overrides: Partial<UserSummary> = {}): UserSummary {
  return {
    id: 4, name: 'Ada', role: 'tester', firstSeen: null, lastActiveAt: null, bugCount: 0, testCount: 0, testsCreated: 0, testsSubmitted: 0, ...noFigures,
    newestTests: [], freshness: fresh, ...overrides,
  }
}

function bugSummary(overrides: Partial<BugSummary> = {}): BugSummary {
  return {
    ...bugItem(), status: 'forwarded', rejectionReasonName: null, test: { id: 1, title: 'Checkout' }, product: { id: 2, name: 'Shop' }, feature: null, language: 'en',
    location: null, steps: ['Open the page'], expectedResult: null, actualResult: null, externalId: null, exportedAt: null,
    devices: [{ category: 'Smartphone', vendor: 'Apple', model: null, operatingSystem: 'iOS', osVersion: '18', browsers: ['Safari'] }], comments: [], freshness: fresh, ...overrides,
  }
}

/** To the question for the number of bugs. */
export function analyticsAnswer(overrides: object = {}): object {
  return {
    rows: [{ bug_count: 0 }], totalRows: 1, truncated: false, nextCursor: null, totals: { bug_count: 0 }, range: { from: null, to: null, field: 'end_at', timeZone: 'UTC' },
    filters: { test_status: ['archived'] }, explanation: 'bug_count over everything in scope.', warnings: [], chart: { type: 'table', x: null, y: null, series: null, why: 'One row.' },
    freshness: fresh, ...overrides,
  }
}

/** On nothing. */
function emptyReport(): QualityReport {
  const threshold = { warning: 0.2, critical: 0.4 }
  return {
    scope: { statuses: ['archived'], range: { from: null, to: null, field: 'end_at', timeZone: 'UTC' }, productIds: [2], testIds: null },
    generatedAt: fresh.asOf,
    summary: {
      tests: 0, bugs: 0, bugsByOutcome: { open: 0, accepted: 0, autoAccepted: 0, rejected: 0, other: 0 }, bugsBySeverity: noFigures.bugsBySeverity, bugsByKind: {}, bugsPerTest: null,
      ...noFigures.rates, testsByStatus: {}, testsByType: {}, health: { rejectionRate: 'unknown', autoAcceptanceRate: 'unknown', reviewRate: 'unknown' },
    },
    thresholds: { rejectionRate: threshold, autoAcceptanceRate: threshold, reviewRate: threshold },
    byProduct: [], trend: [], topFeatures: [], platforms: [], rejectionReasons: [], topTesters: [], byTest: [], truncated: false, nextCursor: null, warnings: [], freshness: fresh,
  }
}

export function syncResult(overrides: Partial<SyncResult> = {}): SyncResult {
  return {
    runId: 7, mode: 'hybrid', outcome: 'success', startedAt: fresh.asOf, finishedAt: fresh.asOf, requests: 3, new: 1, changed: 2, unchanged: 3, deleted: 0, quarantined: 0,
    steps: [{ productId: 2, stream: 'tests', outcome: 'success', new: 1, changed: 2, unchanged: 3, deleted: 0, quarantined: 0, requests: 1, error: null }], ...overrides,
  }
}

/**
 * A naive referee for lists: loops over the simulator's truth, written from the contract, without a database. Slow and plain
 * on purpose.
 */
import type { AccountTruth, BugTruth, FeatureTruth, ProductTruth, TestTruth } from '../../src/simulator/truth.ts'
import type { BugListOptions, FeatureListOptions, ProductListOptions, TestListOptions } from '../../src/repositories/items.ts'

const executed = ['running', 'locked', 'archived', 'customer_finalized']
const ranks = { critical: 3, high: 2, low: 1 }

/** What the copy still holds although the truth does not have it any more. */
export type Gone = Partial<Pick<AccountTruth, 'products' | 'features' | 'tests' | 'bugs'>>

type Value = string | number | null
type Direction = 'asc' | 'desc'

export function expectedTests(truth: AccountTruth, options: TestListOptions, gone: Gone = {}): readonly TestTruth[] {
  const field = options.dateField === 'start_at' ? 'startAt' : 'endAt'
  const matching = withGone(truth.tests, gone.tests, options).filter(
    (test) =>
      among(options.productIds, test.productId) &&
      among(options.statuses, test.status) &&
      among(options.testingTypes, test.testingType) &&
      contains(options.search, test.title) &&
      inRange(test[field], options.from, options.to),
  )
  const value: Record<NonNullable<TestListOptions['sortBy']>, (test: TestTruth) => Value> = {
    end_at: (test) => test.endAt, start_at: (test) => test.startAt, title: (test) => test.title, status: (test) => test.status, id: (test) => test.id,
  }
  const sortBy = options.sortBy ?? 'end_at'
  return sorted(matching, value[sortBy], options.sortOrder ?? (sortBy.endsWith('_at') ? 'desc' : 'asc'))
}

export function expectedBugs(truth: AccountTruth, options: BugListOptions, gone: Gone = {}): readonly BugTruth[] {
  const matching = withGone(truth.bugs, gone.bugs, options).filter(
    (bug) =>
      among(options.testIds, bug.testId) &&
      among(options.productIds, bug.productId) &&
      among(options.featureIds, bug.featureId) &&
      among(options.outcomes, bug.outcome) &&
      among(options.severities, bug.severity) &&
      among(options.kinds, bug.kind) &&
      among(options.rejectionReasons, bug.rejectionReason) &&
      among(options.testers, bug.tester) &&
      (options.known === undefined || options.known === bug.known) &&
      (options.platforms === undefined || bug.devices.some((device) => options.platforms?.includes(device.operatingSystem))) &&
      inRange(bug.reportedAt, options.from, options.to),
  )
  const value: Record<NonNullable<BugListOptions['sortBy']>, (bug: BugTruth) => Value> = {
    reported_at: (bug) => bug.reportedAt, severity: (bug) => (bug.severity === null ? 0 : ranks[bug.severity]), title: (bug) => bug.title, id: (bug) => bug.id,
  }
  const sortBy = options.sortBy ?? 'reported_at'
  return sorted(matching, value[sortBy], options.sortOrder ?? (sortBy === 'reported_at' || sortBy === 'severity' ? 'desc' : 'asc'))
}

export interface ExpectedProduct extends ProductTruth {
  readonly testCount: number
  readonly bugCount: number
  readonly featureCount: number
  readonly testsLast30Days: number
  readonly testsLast90Days: number
  readonly lastTestEndAt: string | null
}

export function expectedProducts(truth: AccountTruth, options: ProductListOptions, now: number, gone: Gone = {}): readonly ExpectedProduct[] {
  const matching = withGone(truth.products, gone.products, options)
    .filter((product) => among(options.types, product.type) && (contains(options.search, product.name) || contains(options.search, product.description)))
    .map((product) => {
      const tests = truth.tests.filter((test) => test.productId === product.id)
      const ends = tests.flatMap((test) => (test.endAt === null ? [] : [test.endAt])).toSorted()
      const since = (days: number): number =>
        tests.filter((test) => test.endAt !== null && executed.includes(test.status) && Date.parse(test.endAt) >= now - days * 86_400_000 && Date.parse(test.endAt) <= now).length
      return {
        ...product,
        testCount: tests.length,
        bugCount: truth.bugs.filter((bug) => bug.productId === product.id).length,
        featureCount: truth.features.filter((feature) => feature.productId === product.id).length,
        testsLast30Days: since(30),
        testsLast90Days: since(90),
        lastTestEndAt: ends.at(-1) ?? null,
      }
    })
  const value: Record<NonNullable<ProductListOptions['sortBy']>, (product: ExpectedProduct) => Value> = {
    name: (product) => product.name, id: (product) => product.id, test_count: (product) => product.testCount, bug_count: (product) => product.bugCount,
    feature_count: (product) => product.featureCount, last_test_end_at: (product) => product.lastTestEndAt,
  }
  const sortBy = options.sortBy ?? 'name'
  return sorted(matching, value[sortBy], options.sortOrder ?? (sortBy === 'name' || sortBy === 'id' ? 'asc' : 'desc'))
}

export interface ExpectedFeature extends FeatureTruth {
  readonly testCount: number
  readonly bugCount: number
}

export function expectedFeatures(truth: AccountTruth, options: FeatureListOptions, gone: Gone = {}): readonly ExpectedFeature[] {
  const matching = withGone(truth.features, gone.features, options)
    .filter(
      (feature) =>
        among(options.productIds, feature.productId) &&
        contains(options.search, feature.title) &&
        (options.hasUserStories === undefined || options.hasUserStories === feature.userStories.length > 0),
    )
    .map((feature) => ({
      ...feature,
      testCount: truth.tests.filter((test) => test.features.some((snapshot) => snapshot.featureId === feature.id)).length,
      bugCount: truth.bugs.filter((bug) => bug.featureId === feature.id).length,
    }))
  const value: Record<NonNullable<FeatureListOptions['sortBy']>, (feature: ExpectedFeature) => Value> = {
    title: (feature) => feature.title, id: (feature) => feature.id, test_count: (feature) => feature.testCount, bug_count: (feature) => feature.bugCount,
    user_story_count: (feature) => feature.userStories.length,
  }
  const sortBy = options.sortBy ?? 'title'
  return sorted(matching, value[sortBy], options.sortOrder ?? (sortBy.endsWith('_count') ? 'desc' : 'asc'))
}

/** Counts beside an item are over the truth alone, whatever is listed. */
function withGone<T>(living: readonly T[], gone: readonly T[] = [], options: { readonly includeDeleted?: boolean | undefined }): readonly T[] {
  return options.includeDeleted === true ? [...living, ...gone] : living
}

/** Nulls last in both directions, text by code point, ties by id. */
export function sorted<T extends { readonly id: number }>(entities: readonly T[], valueOf: (entity: T) => Value, direction: Direction): readonly T[] {
  return entities.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.id - b.id
    const order = typeof x === 'string' && typeof y === 'string' ? byCodePoint(x, y) : Number(x) - Number(y)
    return (direction === 'asc' ? order : -order) || a.id - b.id
  })
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const difference = (x[index]?.codePointAt(0) ?? 0) - (y[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

function among<T>(wanted: readonly T[] | undefined, value: T | null): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value))
}

function contains(wanted: string | undefined, text: string | null): boolean {
  return wanted === undefined || (text ?? '').normalize('NFC').toLowerCase().includes(wanted.normalize('NFC').toLowerCase())
}

/** Only bare days, half open, the last day included. */
function inRange(instant: string | null, from: string | undefined, to: string | undefined): boolean {
  if (from === undefined && to === undefined) return true
  if (instant === null) return false
  const day = instant.slice(0, 10)
  return (from === undefined || day >= from) && (to === undefined || day <= to)
}

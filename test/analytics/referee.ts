/**
 * A naive referee for analytics: loops over plain facts, written from the contract (sections 1 and 2), without a database
 * and without a look at the planner. Slow and plain on purpose: every group counts all tests and all bugs anew.
 */
import type {
  AccountTruth, BugTruth, DeviceTruth, FeatureTruth, PlatformTruth, ProductTruth, SectionTruth, TestTruth,
} from '../../src/simulator/truth.ts'

/** What is stored and not deleted, as far as analytics looks at it. */
export interface Facts {
  readonly products: readonly Pick<ProductTruth, 'id' | 'name'>[]
  readonly sections: readonly Pick<SectionTruth, 'id' | 'name'>[]
  readonly features: readonly Pick<FeatureTruth, 'id' | 'title'>[]
  readonly tests: readonly TestFact[]
  readonly bugs: readonly BugFact[]
}

export interface TestFact extends Pick<TestTruth, 'id' | 'productId' | 'sectionId' | 'title' | 'status' | 'endAt' | 'createdBy' | 'environment' | 'features'> {
  readonly testingType: string | null
  readonly platforms: readonly Pick<PlatformTruth, 'operatingSystem'>[]
}

export interface BugFact extends Pick<BugTruth, 'id' | 'testId' | 'testFeatureId' | 'severity' | 'kind' | 'outcome' | 'rejectionReason' | 'known'> {
  readonly tester: string | null
  readonly language: string | null
  readonly devices: readonly (Pick<DeviceTruth, 'browsers'> & { readonly operatingSystem: string | null; readonly category: string | null })[]
}

export type Value = string | boolean | null
export type FilterValue = Value | number
export type Filter = FilterValue | readonly FilterValue[] | { readonly not: FilterValue | readonly FilterValue[] }

export interface Question {
  readonly metrics: readonly string[]
  readonly dimensions: readonly string[]
  readonly filters: Readonly<Record<string, Filter>>
  /** Bare days of the zone; both or `from` alone. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly timeZone: string
  readonly sortBy?: string | undefined
  readonly sortOrder?: 'asc' | 'desc' | undefined
}

export type Figures = Readonly<Record<string, number | null>>

export interface ExpectedRow {
  /** The value of each dimension and, as `<key>_id`, the id beside it. */
  readonly dimensions: Readonly<Record<string, FilterValue>>
  readonly figures: Figures
  readonly testIds: readonly number[]
  readonly bugIds: readonly number[]
}

export interface Expected {
  /** All groups, in order. */
  readonly rows: readonly ExpectedRow[]
  readonly totals: Figures
  /** What is left when the first `limit` groups are taken away. */
  other(limit: number): Figures
  /** The figures of the group with these values in another range, listed there or not. */
  figuresOf(dimensions: ExpectedRow['dimensions']): Figures
}

export const testLevel = ['product', 'test', 'section', 'test_status', 'testing_type', 'created_by', 'test_environment', 'day', 'week', 'month', 'quarter', 'year', 'required_platform']
export const bugLevel = ['severity', 'kind', 'outcome', 'tester', 'rejection_reason', 'known', 'language', 'platform', 'browser', 'device_category']
export const timeDimensions = ['day', 'week', 'month', 'quarter', 'year']

export const metricNames = [
  'test_count', 'bug_count', 'tests_with_bugs', 'bugs_per_test', 'features_tested', 'active_testers', 'severity_score', 'open_count', 'accepted_count',
  'auto_accepted_count', 'rejected_count', 'overall_acceptance_rate', 'active_acceptance_rate', 'auto_acceptance_rate', 'rejection_rate', 'review_rate',
]

/** The truth of the simulator as facts. */
export function factsOf({ products, sections, features, tests, bugs }: AccountTruth): Facts {
  return { products, sections, features, tests, bugs }
}

/** One value of a dimension, with the id beside it where the dimension has one. */
interface Part {
  readonly value: Value
  readonly id?: number | null
}

const executed = ['running', 'locked', 'archived', 'customer_finalized']

/** @param now milliseconds since 1970 */
export function referee(facts: Facts, question: Question, now: number): Expected {
  const { dimensions, filters } = question
  const world = createWorld(facts, question.timeZone)

  const tests = facts.tests.filter((test) => {
    if (!inRange(test.endAt, question, world.dayOf, now)) return false
    if (filters['test_status'] === undefined && !executed.includes(test.status)) return false
    if (!passes(filters['product_id'], [test.productId]) || !passes(filters['test_id'], [test.id])) return false
    if (!passes(filters['feature_id'], world.testParts('feature', test).map((part) => part.id ?? null))) return false
    return ['feature', ...testLevel].every((key) => passes(filters[key], world.testParts(key, test).map((part) => part.value)))
  })
  const scopedTests = new Map(tests.map((test) => [test.id, test]))
  const bugs = facts.bugs.filter((bug) => {
    if (!scopedTests.has(bug.testId)) return false
    if (!passes(filters['feature_id'], world.bugParts('feature', bug).map((part) => part.id ?? null))) return false
    return ['feature', ...bugLevel].every((key) => passes(filters[key], world.bugParts(key, bug).map((part) => part.value)))
  })

  const isBugPart = (key: string): boolean => bugLevel.includes(key)
  const partsOfTest = new Map(tests.map((test) => [test, dimensions.map((key) => (isBugPart(key) ? [] : world.testParts(key, test)))]))
  const partsOfBug = new Map(bugs.map((bug) => {
    const test = scopedTests.get(bug.testId)
    if (test === undefined) throw new Error('a bug outside the scope')
    return [bug, dimensions.map((key) => (isBugPart(key) || key === 'feature' ? world.bugParts(key, bug) : world.testParts(key, test)))] as const
  }))

  const testsOf = (group: readonly Part[]): readonly TestFact[] =>
    tests.filter((test) => group.every((part, index) => isBugPart(dimensions[index] ?? '') || has(partsOfTest.get(test)?.[index], part)))
  const bugsOf = (group: readonly Part[]): readonly BugFact[] => bugs.filter((bug) => group.every((part, index) => has(partsOfBug.get(bug)?.[index], part)))
  // One, or none, when the feature is a dimension.
  const featuresOf = (group: readonly Part[], members: readonly TestFact[]): readonly number[] => {
    const feature = dimensions.indexOf('feature')
    if (feature === -1) return members.flatMap((test) => world.featureIdsOf(test))
    const id = group[feature]?.id ?? null
    return id === null || members.length === 0 ? [] : [id]
  }

  const groups = new Map<string, readonly Part[]>()
  const list = (parts: readonly (readonly Part[])[]): void => {
    for (const group of combinations(parts)) groups.set(JSON.stringify(group), group)
  }
  for (const parts of partsOfBug.values()) list(parts)
  if (!dimensions.some(isBugPart)) for (const parts of partsOfTest.values()) list(parts)
  if (dimensions.length === 0) groups.set('[]', [])

  const figuresOf = (group: readonly Part[]) => {
    const members = testsOf(group)
    return figures(question.metrics, members, bugsOf(group), featuresOf(group, members))
  }
  const rows = [...groups.values()]
    .map((group) => ({
      group,
      dimensions: Object.fromEntries(group.flatMap((part, index) => {
        const key = dimensions[index] ?? ''
        return part.id === undefined ? [[key, part.value]] : [[key, part.value], [`${key}_id`, part.id]]
      })),
      figures: figuresOf(group),
      testIds: testsOf(group).map((test) => test.id).toSorted((a, b) => a - b),
      bugIds: bugsOf(group).map((bug) => bug.id).toSorted((a, b) => a - b),
    }))
    .toSorted((a, b) => compareRows(question, a, b))

  return {
    rows,
    totals: figures(question.metrics, tests, bugs, tests.flatMap((test) => world.featureIdsOf(test))),
    other(limit) {
      const folded = rows.slice(limit).map((row) => row.group)
      const union = <T>(of: (group: readonly Part[]) => readonly T[]): readonly T[] => [...new Set(folded.flatMap((group) => [...of(group)]))]
      return figures(question.metrics, union(testsOf), union(bugsOf), union((group) => featuresOf(group, testsOf(group))))
    },
    figuresOf: (values) => figuresOf(dimensions.map((key): Part => {
      const id = values[`${key}_id`]
      return { value: values[key] as Value, ...(typeof id === 'number' || id === null ? { id } : {}) }
    })),
  }
}

function createWorld(facts: Facts, timeZone: string) {
  const dayOf = dayReader(timeZone)
  const productNames = new Map(facts.products.map((product) => [product.id, product.name]))
  const sectionNames = new Map(facts.sections.map((section) => [section.id, section.name]))
  const featureTitles = new Map<number, string>()
  const snapshots = facts.tests.flatMap((test) => test.features)
  for (const snapshot of snapshots.toSorted((a, b) => a.id - b.id)) if (snapshot.featureId !== null) featureTitles.set(snapshot.featureId, snapshot.title)
  for (const feature of facts.features) featureTitles.set(feature.id, feature.title)
  const featureOfSnapshot = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot.featureId]))

  const featurePart = (id: number | null): Part => (id === null ? { value: null, id: null } : { value: featureTitles.get(id) ?? null, id })
  const featureIdsOf = (test: TestFact): readonly number[] => [...new Set(test.features.flatMap((snapshot) => (snapshot.featureId === null ? [] : [snapshot.featureId])))]
  const many = (values: readonly (string | null)[]): readonly Part[] => {
    const named = [...new Set(values.filter((value) => value !== null))]
    return named.length === 0 ? [{ value: null }] : named.map((value) => ({ value }))
  }

  return {
    dayOf,
    featureIdsOf,
    testParts(key: string, test: TestFact): readonly Part[] {
      switch (key) {
        case 'product': return [{ value: productNames.get(test.productId) ?? null, id: test.productId }]
        case 'test': return [{ value: test.title, id: test.id }]
        case 'section': return [{ value: test.sectionId === null ? null : (sectionNames.get(test.sectionId) ?? null), id: test.sectionId }]
        case 'test_status': return [{ value: test.status }]
        case 'testing_type': return [{ value: test.testingType }]
        case 'created_by': return [{ value: test.createdBy }]
        case 'test_environment': return [{ value: test.environment?.title ?? null, id: test.environment?.id ?? null }]
        case 'required_platform': return many(test.platforms.map((platform) => platform.operatingSystem))
        case 'feature': {
          const ids = featureIdsOf(test)
          return ids.length === 0 ? [featurePart(null)] : ids.map(featurePart)
        }
        default: return [{ value: test.endAt === null ? null : bucket(key, dayOf(test.endAt)) }]
      }
    },
    bugParts(key: string, bug: BugFact): readonly Part[] {
      switch (key) {
        case 'severity': return [{ value: bug.severity }]
        case 'kind': return [{ value: bug.kind }]
        case 'outcome': return [{ value: bug.outcome }]
        case 'tester': return [{ value: bug.tester }]
        case 'rejection_reason': return [{ value: bug.rejectionReason }]
        case 'known': return [{ value: bug.known }]
        case 'language': return [{ value: bug.language }]
        case 'platform': return many(bug.devices.map((device) => device.operatingSystem))
        case 'browser': return many(bug.devices.flatMap((device) => device.browsers))
        case 'device_category': return many(bug.devices.map((device) => device.category))
        case 'feature': return [featurePart(bug.testFeatureId === null ? null : (featureOfSnapshot.get(bug.testFeatureId) ?? null))]
        default: throw new Error(`no such dimension: ${key}`)
      }
    },
  }
}

function figures(metrics: readonly string[], tests: readonly TestFact[], bugs: readonly BugFact[], features: readonly number[]): Figures {
  const count = (outcome: string): number => bugs.filter((bug) => bug.outcome === outcome).length
  const [accepted, auto, rejected] = [count('accepted'), count('auto_accepted'), count('rejected')]
  const quotient = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  const all: Figures = {
    test_count: tests.length,
    bug_count: bugs.length,
    tests_with_bugs: new Set(bugs.map((bug) => bug.testId)).size,
    bugs_per_test: quotient(bugs.length, tests.length),
    features_tested: new Set(features).size,
    active_testers: new Set(bugs.flatMap((bug) => (bug.tester === null ? [] : [bug.tester]))).size,
    severity_score: bugs.reduce((sum, bug) => sum + (bug.severity === 'critical' ? 5 : bug.severity === 'high' ? 3 : 1), 0),
    open_count: count('open'),
    accepted_count: accepted,
    auto_accepted_count: auto,
    rejected_count: rejected,
    overall_acceptance_rate: quotient(accepted + auto, bugs.length),
    active_acceptance_rate: quotient(accepted, bugs.length),
    auto_acceptance_rate: quotient(auto, accepted + auto),
    rejection_rate: quotient(rejected, bugs.length),
    review_rate: quotient(accepted + rejected, bugs.length),
  }
  return Object.fromEntries(metrics.map((metric) => [metric, all[metric] ?? null]))
}

/** Something passes a filter when one of its values is asked for; `not` turns that round. */
function passes(filter: Filter | undefined, values: readonly FilterValue[]): boolean {
  if (filter === undefined) return true
  if (filter !== null && typeof filter === 'object' && 'not' in filter) return !passes(filter.not, values)
  const asked: readonly FilterValue[] = filter !== null && typeof filter === 'object' ? filter : [filter]
  return values.some((value) => asked.includes(value))
}

function inRange(endAt: string | null, { from, to }: Question, dayOf: (instant: string) => string, now: number): boolean {
  if (from === undefined && to === undefined) return true
  if (endAt === null) return false
  if (from !== undefined && dayOf(endAt) < from) return false
  return to === undefined ? Date.parse(endAt) < now : dayOf(endAt) <= to
}

/** The day in the zone, `YYYY-MM-DD`, by the calendar of the runtime. */
function dayReader(timeZone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const known = new Map<string, string>()
  return (instant) => {
    let day = known.get(instant)
    if (day === undefined) known.set(instant, (day = format.format(new Date(instant))))
    return day
  }
}

function bucket(unit: string, day: string): string {
  const [year = '', month = ''] = day.split('-')
  switch (unit) {
    case 'day': return day
    case 'month': return `${year}-${month}`
    case 'quarter': return `${year}-Q${Math.ceil(Number(month) / 3)}`
    case 'year': return year
    case 'week': return isoWeek(day)
    default: throw new Error(`no such dimension: ${unit}`)
  }
}

/** The week belongs to the year that has its Thursday; week 1 has the first one. */
function isoWeek(day: string): string {
  const thursday = new Date(`${day}T00:00:00Z`)
  while (thursday.getUTCDay() !== 1) thursday.setUTCDate(thursday.getUTCDate() - 1)
  thursday.setUTCDate(thursday.getUTCDate() + 3)
  let week = 1
  for (const earlier = new Date(thursday); ; week++) {
    earlier.setUTCDate(earlier.getUTCDate() - 7)
    if (earlier.getUTCFullYear() !== thursday.getUTCFullYear()) break
  }
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

function has(parts: readonly Part[] | undefined, wanted: Part): boolean {
  return parts?.some((part) => part.value === wanted.value && (part.id ?? null) === (wanted.id ?? null)) ?? false
}

function combinations(parts: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  return parts.reduce<readonly (readonly Part[])[]>((groups, values) => groups.flatMap((group) => values.map((value) => [...group, value])), [[]])
}

function compareRows(question: Question, a: Omit<ExpectedRow, 'testIds' | 'bugIds'>, b: Omit<ExpectedRow, 'testIds' | 'bugIds'>): number {
  const { dimensions, metrics } = question
  const sortBy = question.sortBy ?? dimensions.find((key) => timeDimensions.includes(key)) ?? metrics[0] ?? ''
  const byDimension = dimensions.includes(sortBy)
  const descending = (question.sortOrder ?? (byDimension ? 'asc' : 'desc')) === 'desc'
  const value = (row: typeof a, key: string): FilterValue => (key in row.figures ? (row.figures[key] ?? null) : (row.dimensions[key] ?? null))
  const first = compareValues(rank(sortBy, value(a, sortBy)), rank(sortBy, value(b, sortBy)), descending)
  if (first !== 0) return first
  for (const key of dimensions) {
    const next = compareValues(rank(key, value(a, key)), rank(key, value(b, key)), false) || compareValues(value(a, `${key}_id`), value(b, `${key}_id`), false)
    if (next !== 0) return next
  }
  return 0
}

function rank(key: string, value: FilterValue): FilterValue {
  return key === 'severity' && value !== null ? ['low', 'high', 'critical'].indexOf(String(value)) + 1 : value
}

/** Nulls last in both directions; text by code point, which is the order of its UTF-8 bytes. */
function compareValues(a: FilterValue, b: FilterValue, descending: boolean): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  const order = typeof a === 'string' && typeof b === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : Number(a) - Number(b)
  return descending ? -order : order
}

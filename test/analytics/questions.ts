/** Any question about the account, with values that are there, words that are not, and borders of days. */
import fc from 'fast-check'
import { facts } from './account.ts'
import { bugLevel, metricNames, testLevel, type Filter, type FilterValue, type Question } from './referee.ts'

const texts = (values: readonly (string | null)[]): readonly string[] => [...new Set(values.filter((value) => value !== null))]
const devices = facts.bugs.flatMap((bug) => bug.devices)
const snapshots = facts.tests.flatMap((test) => test.features)
const unknown = 'no such word'

/** Values to filter by; those that the account has, mostly. */
const filterValues: Readonly<Record<string, readonly FilterValue[]>> = {
  product: [...texts(facts.products.map(({ name }) => name)), unknown],
  test: [...texts(facts.tests.map(({ title }) => title)).slice(-30), unknown],
  section: [...texts(facts.sections.map(({ name }) => name)), null, unknown],
  test_status: [...texts(facts.tests.map(({ status }) => status)), unknown],
  testing_type: [...texts(facts.tests.map(({ testingType }) => testingType)), null],
  created_by: [...texts(facts.tests.map(({ createdBy }) => createdBy)), null],
  test_environment: [...texts(facts.tests.map(({ environment }) => environment?.title ?? null)), null],
  day: ['2025-03-30', '2025-10-26', '2011-12-30', '2011-12-31', '2026-11-19', null],
  week: ['2025-W01', '2026-W53', '2025-W13', '2026-W46', '2026-W47', null],
  month: ['2025-03', '2025-10', '2026-10', '2026-11', null],
  quarter: ['2025-Q1', '2025-Q4', '2026-Q4', '2026-Q2', null],
  year: ['2024', '2025', '2026', '2027', '1971', null],
  required_platform: [...texts(facts.tests.flatMap(({ platforms }) => platforms.map(({ operatingSystem }) => operatingSystem))), null],
  feature: [...texts([...facts.features.slice(-25).map(({ title }) => title), ...snapshots.slice(-20).map(({ title }) => title)]), null],
  severity: ['low', 'high', 'critical', null],
  kind: [...texts(facts.bugs.map(({ kind }) => kind)), unknown],
  outcome: ['open', 'accepted', 'auto_accepted', 'rejected', 'other'],
  tester: [...texts(facts.bugs.map(({ tester }) => tester)), null, unknown],
  rejection_reason: [...texts(facts.bugs.map(({ rejectionReason }) => rejectionReason)), null],
  known: [true, false],
  language: [...texts(facts.bugs.map(({ language }) => language)), null],
  platform: [...texts(devices.map(({ operatingSystem }) => operatingSystem)), null, unknown],
  browser: [...texts(devices.flatMap(({ browsers }) => browsers)), null],
  device_category: [...texts(devices.map(({ category }) => category)), null],
  product_id: [...facts.products.map(({ id }) => id), 999_999_999],
  feature_id: [...new Set(snapshots.slice(-60).flatMap(({ featureId }) => (featureId === null ? [] : [featureId]))), null, 999_999_999],
  test_id: [...facts.tests.slice(-40).map(({ id }) => id), 999_999_999],
}

const filterOn = (key: string): fc.Arbitrary<Filter> => {
  const value = fc.constantFrom(...(filterValues[key] ?? []))
  const anyOf = fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }))
  return fc.oneof({ weight: 2, arbitrary: anyOf }, { weight: 1, arbitrary: anyOf.map((not) => ({ not })) })
}

const filters = fc
  .uniqueArray(fc.constantFrom(...Object.keys(filterValues)), { maxLength: 2 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, filterOn(key)]))))
  // Half of the questions ask about every status, so that the odd ones count as well.
  .chain((some) => fc.constantFrom(some, { test_status: { not: unknown }, ...some }))

const day = fc.oneof(
  fc.constantFrom('2025-03-29', '2025-03-30', '2025-03-31', '2025-10-25', '2025-10-26', '2025-10-27', '2024-12-30', '2011-12-29', '2011-12-31', '1971-05-31', '1971-06-01'),
  fc.date({ min: new Date('2024-01-01'), max: new Date('2026-11-19'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
)

const range: fc.Arbitrary<Pick<Question, 'from' | 'to'>> = fc.oneof(
  fc.constant({}),
  day.map((from) => ({ from })),
  day.map((to) => ({ to })),
  fc.tuple(day, day).map((days) => {
    const [from, to] = days.toSorted()
    return { from, to }
  }),
)

const dimensions: fc.Arbitrary<string[]> = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...testLevel, ...bugLevel, 'feature'), { maxLength: 2 }),
  fc.uniqueArray(fc.constantFrom('feature', 'platform', 'required_platform', 'browser', 'month', 'severity', 'product'), { maxLength: 3 }),
  fc.uniqueArray(fc.constantFrom(...testLevel, ...bugLevel, 'feature'), { maxLength: 4 }),
)

export const question: fc.Arbitrary<Question> = fc
  .record({
    metrics: fc.uniqueArray(fc.constantFrom(...metricNames), { minLength: 1, maxLength: 5 }),
    dimensions,
    filters,
    range,
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Monrovia', 'America/St_Johns'),
    sortOrder: fc.constantFrom(undefined, 'asc' as const, 'desc' as const),
    sorted: fc.nat(8),
  })
  .map(({ range: { from, to }, sorted, ...rest }) => {
    const keys = [...rest.dimensions, ...rest.metrics]
    return { ...rest, from, to, sortBy: keys[sorted] }
  })

/** Days, and as many days just before them. */
export const rangeOfDays = fc.tuple(day, fc.integer({ min: 1, max: 400 })).map(([from, days]) => ({
  from,
  to: daysAfter(from, days - 1),
  previous: { from: daysAfter(from, -days), to: daysAfter(from, -1) },
}))

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

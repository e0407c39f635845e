/**
 * Rows that no simulated account has, as facts and as inserts: equal names, lost features, dates at the borders of days in
 * zones with summer time, values that are missing or come twice, text that sorts differently by UTF-16 and by code point. With
 * them, rows that must not count: deleted ones, and those of another customer under the same ids.
 */
import type { InsertOf, TableName, TidemarkDatabase } from '../../src/model/schema.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { distinctTexts } from '../support/distinct-texts.ts'
import type { BugFact, Facts, TestFact } from './referee.ts'

const deletedAt = '2026-11-19T08:00:00.000Z'

const products = [{ id: 900_001, name: 'Zwilling' }, { id: 900_002, name: 'Zwilling' }]
const sections = [{ id: 900_011, name: 'Ünder' }]
const features = [{ id: 900_021, title: 'Same title' }, { id: 900_022, title: 'Same title' }]
/** Left the catalogue, or never was in it; tests still name them. */
const lostFeatures = [900_023, 900_024]

const emoji = '\u{1F41E} beetle'
const wide = '\uFF21 wide'

let snapshots = 900_200
const snapshot = (featureId: number | null, title: string) => ({ id: ++snapshots, featureId, title })

const plain: Omit<TestFact, 'id' | 'title'> = {
  productId: 900_001, sectionId: null, status: 'locked', testingType: 'coverage', endAt: '2025-07-15T10:00:00.000Z', createdBy: null, environment: null,
  platforms: [], features: [],
}

const tests: readonly TestFact[] = [
  // Midnight in Berlin, and the last millisecond of winter time there.
  { ...plain, id: 900_101, title: emoji, endAt: '2025-03-29T23:00:00.000Z', sectionId: 900_011, testingType: emoji, features: [snapshot(900_021, 'Same title'), snapshot(900_022, 'Other title')] },
  { ...plain, id: 900_102, title: wide, endAt: '2025-03-30T00:59:59.999Z', testingType: wide, features: [snapshot(900_021, 'Same title'), snapshot(900_021, 'Same title, twice')] },
  { ...plain, id: 900_103, title: 'a', endAt: '2025-03-30T21:59:59.999Z', createdBy: 'Å', platforms: [{ operatingSystem: 'Windows' }, { operatingSystem: 'Windows' }], features: [snapshot(null, 'No catalogue')] },
  { ...plain, id: 900_104, title: 'a', endAt: '2025-03-30T22:00:00.000Z', platforms: [{ operatingSystem: null }], features: [snapshot(900_023, 'The older name'), snapshot(null, 'Also none')] },
  { ...plain, id: 900_105, title: '', endAt: '2025-10-26T00:30:00.000Z', platforms: [{ operatingSystem: 'Windows' }, { operatingSystem: null }, { operatingSystem: 'iOS' }], features: [snapshot(900_023, 'The newer name')] },
  { ...plain, id: 900_106, title: 'Z', productId: 900_002, endAt: '2025-10-26T01:30:00.000Z', testingType: null, environment: { id: 1, title: 'Staging' }, features: [snapshot(900_022, 'Same title'), snapshot(900_024, 'Never there')] },
  { ...plain, id: 900_107, title: 'Z', productId: 900_002, endAt: '2025-10-26T22:59:59.999Z', environment: { id: 1, title: 'Staging, renamed' } },
  { ...plain, id: 900_108, title: 'Z', productId: 900_002, endAt: '2025-10-26T23:00:00.000Z', environment: { id: 2, title: 'Staging' } },
  // Weeks that belong to the year behind and before.
  { ...plain, id: 900_109, title: 'weeks', endAt: '2024-12-30T00:00:00.000Z' },
  { ...plain, id: 900_110, title: 'weeks', endAt: '2027-01-03T12:00:00.000Z', status: 'archived' },
  // A day that Samoa left out, and offsets with seconds.
  { ...plain, id: 900_111, title: 'zones', endAt: '2011-12-30T10:30:00.000Z' },
  { ...plain, id: 900_112, title: 'zones', endAt: '1971-06-01T00:44:29.000Z' },
  { ...plain, id: 900_113, title: 'zones', endAt: '2006-10-29T02:31:30.000Z' },
  { ...plain, id: 900_118, title: 'zones', endAt: '2011-12-30T10:00:00.000Z' },
  { ...plain, id: 900_119, title: 'midnight in UTC', endAt: '2025-03-31T00:00:00.000Z' },
  { ...plain, id: 900_114, title: 'no date', endAt: null, features: [snapshot(900_024, 'Never there, renamed')] },
  { ...plain, id: 900_115, title: 'no date', endAt: null, status: 'initialized' },
  { ...plain, id: 900_116, title: 'odd status', status: 'in_orbit' },
  { ...plain, id: 900_117, title: 'cancelled', status: 'cancelled', productId: 900_002 },
]

const report: Omit<BugFact, 'id' | 'testId'> = {
  testFeatureId: null, severity: 'high', kind: 'functional', outcome: 'accepted', rejectionReason: null, known: false, tester: 'twin', language: 'en', devices: [],
}
const device = (operatingSystem: string | null, category: string | null, ...browsers: readonly string[]) => ({ operatingSystem, category, browsers })
const featureOf = (testId: number, place: number): number => tests.find((test) => test.id === testId)?.features[place]?.id ?? 0

const bugs: readonly BugFact[] = [
  { ...report, id: 900_301, testId: 900_101, testFeatureId: featureOf(900_101, 0), devices: [device('iOS', 'Smartphones', 'Safari', 'Safari'), device('iOS', 'Tablets', 'Chrome', 'Safari')] },
  { ...report, id: 900_302, testId: 900_101, testFeatureId: featureOf(900_101, 1), severity: 'critical', outcome: 'auto_accepted', devices: [device('iOS', 'Smartphones'), device('Windows', 'Computers', 'Edge')] },
  { ...report, id: 900_303, testId: 900_101, severity: null, kind: emoji, tester: emoji, devices: [device(null, 'Consoles')] },
  { ...report, id: 900_304, testId: 900_102, testFeatureId: featureOf(900_102, 1), severity: null, kind: wide, tester: wide, language: null, outcome: 'rejected', rejectionReason: 'other', devices: [device(null, null), device(null, null)] },
  { ...report, id: 900_305, testId: 900_103, testFeatureId: featureOf(900_103, 0), severity: 'low', tester: null, outcome: 'open', known: true },
  { ...report, id: 900_306, testId: 900_104, testFeatureId: featureOf(900_104, 0), tester: null, outcome: 'rejected', rejectionReason: 'not_reproducible', devices: [device('Android', 'Smartphones', 'Chrome')] },
  { ...report, id: 900_307, testId: 900_105, testFeatureId: featureOf(900_105, 0), severity: 'critical', outcome: 'other', devices: [device('Windows', 'Computers', 'Chrome'), device('Windows', 'Computers', 'Chrome')] },
  { ...report, id: 900_308, testId: 900_106, testFeatureId: featureOf(900_106, 1), known: true },
  // Reported on the snapshot of another test: its own test does not have the feature.
  { ...report, id: 900_309, testId: 900_107, testFeatureId: featureOf(900_106, 0) },
  { ...report, id: 900_310, testId: 900_114, testFeatureId: featureOf(900_114, 0), devices: [device('Windows', 'Computers')] },
  { ...report, id: 900_311, testId: 900_115, tester: 'early bird' },
  { ...report, id: 900_312, testId: 900_116, tester: 'early bird', severity: null, kind: 'visual' },
  { ...report, id: 900_313, testId: 900_111, devices: [device('iOS', 'Smartphones', 'Safari')] },
]

/** The facts with what is living of these rows. */
export function withEdgeRows(facts: Facts): Facts {
  return {
    products: [...facts.products, ...products],
    sections: [...facts.sections, ...sections],
    features: [...facts.features, ...features],
    tests: [...facts.tests, ...tests],
    bugs: [...facts.bugs, ...bugs],
  }
}

/** Into a migrated database. */
export async function insertEdgeRows(storage: Storage): Promise<void> {
  const insert = inserter(storage)
  await insertRows(insert, 1, tests, bugs)
  const [test] = tests
  if (test === undefined) throw new Error('there are no edge rows')
  await insert('features', [{ customer_id: 1, id: lostFeatures[0] ?? 0, product_id: 900_001, title: 'The name in the catalogue', user_story_count: 0, deleted_at: deletedAt, search_text: '' }])
  // Gone upstream: a test with its bug and snapshots, and a bug of a test that is still there.
  await insert('tests', [{ ...testRow(1, { ...test, id: 900_190, title: 'deleted' }), deleted_at: deletedAt }])
  await insert('test_features', [{ customer_id: 1, id: 900_999, test_id: 900_190, feature_id: 900_024, title: 'Newest, but of a deleted test' }])
  await insert('bugs', [bugRow(1, { ...report, id: 900_390, testId: 900_190, tester: 'ghost' }), { ...bugRow(1, { ...report, id: 900_391, testId: 900_101, tester: 'ghost' }), deleted_at: deletedAt }])
  // Another customer with the same ids and other values.
  const strange = { operatingSystem: 'Strange OS' }
  await insertRows(
    insert, 2,
    tests.map((other) => ({ ...other, status: 'archived', testingType: 'of another customer', platforms: other.platforms.map((platform) => ({ ...platform, ...strange })) })),
    bugs.map((bug) => ({ ...bug, tester: 'stranger', severity: 'critical', devices: bug.devices.map((device) => ({ ...device, ...strange })) })),
  )
}

type InsertRows = <Name extends TableName>(table: Name, rows: readonly InsertOf<Name>[]) => Promise<void>

function inserter(storage: Storage): InsertRows {
  const db = kyselyFor<TidemarkDatabase>(storage, storage.dialect)
  return async (table, rows) => {
    for (const row of rows) await db.insertInto(table).values(row as never).execute()
  }
}

async function insertRows(insert: InsertRows, customerId: number, ofTests: readonly TestFact[], ofBugs: readonly BugFact[]): Promise<void> {
  const customer = { customer_id: customerId }
  const called = (name: string): string => (customerId === 1 ? name : `${name} of a stranger`)
  await insert('products', products.map(({ id, name }) => ({ ...customer, id, name: called(name), search_text: '' })))
  await insert('sections', sections.map(({ id, name }) => ({ ...customer, id, name: called(name), product_id: 900_001, is_default: false })))
  await insert('features', features.map(({ id, title }) => ({ ...customer, id, title: called(title), product_id: 900_001, user_story_count: 0, search_text: '' })))
  await insert('tests', ofTests.map((test) => testRow(customerId, test)))
  await insert('test_platforms', ofTests.flatMap((test) => test.platforms.map((platform, position) => ({ ...customer, test_id: test.id, position, operating_system: platform.operatingSystem, browsers: [] }))))
  await insert('test_features', ofTests.flatMap((test) => test.features.map(({ id, featureId, title }) => ({ ...customer, id, test_id: test.id, feature_id: customerId === 1 ? featureId : (features[0]?.id ?? null), title: called(title) }))))
  await insert('bugs', ofBugs.map((bug) => bugRow(customerId, bug)))
  await insert('bug_devices', ofBugs.flatMap((bug) => bug.devices.map(({ category, operatingSystem, browsers }, position) => ({
    ...customer, bug_id: bug.id, position, category, operating_system: operatingSystem, browsers,
  }))))
}

function testRow(customerId: number, test: TestFact): InsertOf<'tests'> {
  return {
    customer_id: customerId, id: test.id, product_id: test.productId, section_id: test.sectionId, title: test.title, status: test.status, testing_type: test.testingType,
    end_at: test.endAt, created_by: test.createdBy, environment_id: test.environment?.id ?? null, environment_title: test.environment?.title ?? null, search_text: '',
  }
}

function bugRow(customerId: number, bug: BugFact): InsertOf<'bugs'> {
  return {
    customer_id: customerId, id: bug.id, test_id: bug.testId, product_id: 900_001, test_feature_id: bug.testFeatureId, title: '', kind: bug.kind, severity: bug.severity,
    severity_rank: { critical: 3, high: 2, low: 1, none: 0 }[bug.severity ?? 'none'], outcome: bug.outcome, status: '', rejection_reason: bug.rejectionReason,
    known: bug.known, tester: bug.tester, language: bug.language, steps: [],
    operating_systems: distinctTexts(bug.devices.map((device) => device.operatingSystem)),
    device_categories: distinctTexts(bug.devices.map((device) => device.category)),
    browsers: distinctTexts(bug.devices.flatMap((device) => device.browsers)),
  }
}

/**
 * The simulated account as it stands: entities by id, and the look-ups that requests need. Entities are replaced, never
 * changed; whoever replaces one goes through `put` and `remove`, so that truth and wire can never tell different stories.
 */
import { groupBy } from './group-by.ts'
import { iso, msOf } from './instant.ts'
import { bugMaker, generateBugs, type BugMaker } from './generate/bugs.ts'
import { generateDevices, type DevicePool } from './generate/devices.ts'
import type { Environment } from './generate/environments.ts'
import { generatePeople, type People } from './generate/people.ts'
import { generateCatalogue, type Catalogue } from './generate/products.ts'
import { generateTests, testMaker, type TestMaker } from './generate/tests.ts'
import { SCALES, type Scale } from './scale.ts'
import type { AccountTruth, BugTruth, FeatureTruth, ProductTruth, SectionTruth, TestTruth, UserTruth } from './truth.ts'
import { REJECT_REASONS } from './words/reasons.ts'

export interface AccountOptions {
  readonly seed: number
  readonly scale: Scale
  readonly now: number
  readonly customerName: string
}

export interface Account {
  readonly seed: number
  readonly now: number
  readonly catalogue: Catalogue
  readonly people: People
  readonly devices: DevicePool
  readonly makeTest: TestMaker
  readonly makeBug: BugMaker
  readonly products: ReadonlyMap<number, ProductTruth>
  readonly sections: ReadonlyMap<number, SectionTruth>
  /** The catalogue of features. */
  readonly features: ReadonlyMap<number, FeatureTruth>
  /** Features that left the catalogue. */
  readonly retired: ReadonlyMap<number, FeatureTruth>
  readonly environments: ReadonlyMap<number, Environment>
  readonly tests: ReadonlyMap<number, TestTruth>
  readonly bugs: ReadonlyMap<number, BugTruth>
  readonly truth: AccountTruth
  /** Newest `end_at` first; tests without one stand before all others. */
  testsOf(productId: number): readonly TestTruth[]
  bugsOf(testId: number): readonly BugTruth[]
  featuresOf(productId: number): readonly FeatureTruth[]
  sectionsOf(productId: number): readonly SectionTruth[]
  put<K extends EntityKind>(kind: K, entity: EntityOf[K]): void
  remove(kind: EntityKind, id: number): void
}

export interface EntityOf {
  readonly products: ProductTruth
  readonly features: FeatureTruth
  readonly retired: FeatureTruth
  readonly tests: TestTruth
  readonly bugs: BugTruth
}
export type EntityKind = keyof EntityOf

export function createAccount(options: AccountOptions): Account {
  const { seed, now, customerName } = options
  const counts = SCALES[options.scale]
  const catalogue = generateCatalogue(seed, counts.products, customerName)
  const people = generatePeople(seed, counts)
  const devices = generateDevices(seed)
  const makeTest = testMaker(seed, now, catalogue, people)
  const makeBug = bugMaker(seed, now, catalogue)
  const tests = generateTests(seed, counts.tests, now, catalogue, makeTest)
  const bugs = generateBugs({ seed, now, catalogue, people, devices }, counts.bugs, tests, makeBug)

  const entities = {
    products: byId(catalogue.products), features: byId(catalogue.features), retired: byId(catalogue.retired), tests: byId(tests), bugs: byId(bugs),
  }
  const sections = byId(catalogue.sections)
  const environments = byId(catalogue.environments)
  // Whatever is derived from the entities is made on demand and forgotten when one of them is replaced.
  let derived = new Map<string, unknown>()
  const once = <T>(name: string, make: () => T): T => {
    if (!derived.has(name)) derived.set(name, make())
    return derived.get(name) as T
  }
  const grouped = <T>(name: string, make: () => readonly T[], key: (item: T) => number) => once(name, () => groupBy(make(), key))

  const truth: AccountTruth = {
    customerName,
    now: iso(now),
    sections: catalogue.sections,
    environments: catalogue.environments.map(({ id, productId, title }) => ({ id, productId, title })),
    rejectReasons: REJECT_REASONS,
    secrets: catalogue.environments.flatMap((environment) => environment.secrets),
    get products() { return once('products', () => [...entities.products.values()]) },
    get features() { return once('features', () => [...entities.features.values()]) },
    get tests() { return once('tests', () => [...entities.tests.values()]) },
    get bugs() { return once('bugs', () => [...entities.bugs.values()]) },
    get users() { return once('users', () => usersOf(truth)) },
  }
  return {
    seed, now, catalogue, people, devices, makeTest, makeBug, sections, environments, ...entities, truth,
    testsOf: (productId) => grouped('tests by product', () => [...truth.tests].sort(newestEndFirst), (test) => test.productId).get(productId) ?? [],
    bugsOf: (testId) => grouped('bugs by test', () => truth.bugs, (bug) => bug.testId).get(testId) ?? [],
    featuresOf: (productId) => grouped('features by product', () => truth.features, (feature) => feature.productId).get(productId) ?? [],
    sectionsOf: (productId) => grouped('sections by product', () => truth.sections, (section) => section.productId).get(productId) ?? [],
    put(kind, entity) {
      (entities[kind] as Map<number, typeof entity>).set(entity.id, entity)
      derived = new Map()
    },
    remove(kind, id) {
      entities[kind].delete(id)
      derived = new Map()
    },
  }
}

function byId<T extends { readonly id: number }>(items: readonly T[]): Map<number, T> {
  return new Map(items.map((item) => [item.id, item]))
}

function newestEndFirst(a: TestTruth, b: TestTruth): number {
  const rank = (test: TestTruth) => (test.endAt === null ? Number.POSITIVE_INFINITY : msOf(test.endAt))
  const [ra, rb] = [rank(a), rank(b)]
  return ra === rb ? b.id - a.id : rb > ra ? 1 : -1
}

function usersOf(truth: AccountTruth): UserTruth[] {
  const testers = new Set(truth.bugs.map((bug) => bug.tester))
  const customers = new Set(truth.tests.flatMap((test) => [test.createdBy, test.submittedBy]).filter((name) => name !== null))
  const sorted = (names: ReadonlySet<string>) => [...names].sort((a, b) => (a < b ? -1 : 1))
  return [
    ...sorted(customers).map((name) => ({ role: 'customer' as const, name })),
    ...sorted(testers).map((name) => ({ role: 'tester' as const, name })),
  ]
}

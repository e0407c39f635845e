/**
 * Tests: who, when, what for. The shares of the statuses are those of real accounts, and dates agree with the status:
 * drafts have often none, waiting ones begin later, archived ones are old. A few tests break that rule, as upstream.
 */
import { DAY, HOUR, MINUTE, iso } from '../instant.ts'
import { allocate, indexPicker, itemAt, randomFor, type Random } from '../random.ts'
import { groupBy } from '../group-by.ts'
import type { FeatureTruth, ProductTruth, TestFeatureTruth, TestTruth } from '../truth.ts'
import { HOSTILE_TEXTS } from '../words/hostile.ts'
import { fill } from '../words/phrases.ts'
import { GERMAN_TEST_TITLES, GOALS, INSTRUCTIONS, OUT_OF_SCOPE, SEASONS, TEST_TITLES } from '../words/tests.ts'
import { generatePlatforms } from './devices.ts'
import type { People } from './people.ts'
import type { Catalogue } from './products.ts'

const STATUS_SHARES = { initialized: 7, waiting: 1, running: 5, locked: 30, customer_finalized: 9, archived: 46.8, cancelled: 1, in_review: 0.2 }
const TYPE_SHARES = { coverage: 60, focused: 16, rapid: 14, usability: 8, custom: 2 }
const HOURS_OF_TYPE: Readonly<Record<string, number>> = { coverage: 28, usability: 24, focused: 24, rapid: 2, custom: 24 }

/** Everything a test is made of before it has an id; ids follow the day of creation. */
export interface TestDraft {
  readonly product: ProductTruth
  readonly status: string
  readonly testingType: string
  readonly start: number | null
  readonly end: number | null
  readonly created: number
}

export type TestMaker = (draft: TestDraft, ordinal: number) => TestTruth

export function generateTests(seed: number, count: number, now: number, catalogue: Catalogue, make: TestMaker): TestTruth[] {
  const random = randomFor(seed, 'tests')
  const statuses = random.sample(exactStatuses(count), count)
  const perProduct = testsPerProduct(count, catalogue.products.length)
  const drafts: TestDraft[] = []
  catalogue.products.forEach((product, index) => {
    for (let i = 0; i < itemAt(perProduct, index); i++) drafts.push(draft(random, product, itemAt(statuses, drafts.length), now))
  })
  drafts.sort((a, b) => a.created - b.created)
  return drafts.map(make)
}

/** Makes one test; also used for tests that come later. Ids rise with every call. */
export function testMaker(seed: number, now: number, catalogue: Catalogue, people: People): TestMaker {
  const featuresOf = byProduct(catalogue.features)
  const retiredOf = byProduct(catalogue.retired)
  const placesOf = byProduct(catalogue.environments)
  const sectionsOf = byProduct(catalogue.sections.filter((section) => !section.isDefault))
  const ids = randomFor(seed, 'test-ids')
  let testId = 108_000
  let snapshotId = 930_000
  return (draft, ordinal) => {
    testId += ids.int(1, 60)
    const random = randomFor(seed, 'test', testId)
    const { product, status } = draft
    const isDraft = status === 'initialized'
    const language = random.chance(0.25) ? 'de' : 'en'
    const all = featuresOf.get(product.id) ?? []
    const old = now - draft.created > 300 * DAY ? (retiredOf.get(product.id) ?? []) : []
    const chosen = ordinal % 17 === 4 ? [] : pickFeatures(random, all, old)
    const features = chosen.map((feature, position): TestFeatureTruth => ({
      id: (snapshotId += random.int(1, 3)),
      featureId: ordinal % 20 === 7 && position === 0 ? null : feature.id,
      title: random.chance(0.06) ? `${feature.title} (beta)` : feature.title,
    }))
    const words = {
      product: product.name,
      feature: itemAt([...chosen.map((feature) => feature.title), 'Everything'], 0),
      other: chosen[1]?.title ?? 'Settings',
      season: random.pick(SEASONS),
      number: String(random.int(11, 99)),
    }
    const text = (phrases: readonly string[], share: number) => (random.chance(share) ? fill(random.pick(phrases), words) : null)
    const goal = isDraft && random.chance(0.5) ? null : text(GOALS, 0.95)
    const outOfScope = text(OUT_OF_SCOPE, 0.6)
    const instructions = text(INSTRUCTIONS, 0.7)
    const places = placesOf.get(product.id) ?? []
    const place = isDraft && random.chance(0.5) ? undefined : places[Math.min(random.int(0, 3), random.int(0, 3)) % places.length]
    const sections = sectionsOf.get(product.id) ?? []
    const creator = random.chance(isDraft ? 0.4 : 0.06) ? null : people.customer(random)
    const title = ordinal % 45 === 20
      ? itemAt(HOSTILE_TEXTS, Math.floor(ordinal / 45) * 3)
      : `${isDraft ? 'Draft: ' : ''}${fill(random.pick(language === 'de' ? GERMAN_TEST_TITLES : TEST_TITLES), words)}`
    const focused = draft.testingType === 'focused'
    return {
      id: testId,
      productId: product.id,
      sectionId: sections.length === 0 || random.chance(0.1) ? null : random.pick(sections).id,
      title,
      status,
      testingType: draft.testingType,
      reviewStatus: isDraft ? null : 'review_successful',
      startAt: draft.start === null ? null : iso(draft.start),
      endAt: draft.end === null ? null : iso(draft.end),
      createdBy: creator,
      submittedBy: isDraft ? null : random.chance(0.8) ? creator : people.customer(random),
      environment: place === undefined ? null : { id: place.id, title: place.title },
      reportLanguage: language,
      isDemo: ordinal % 50 === 30,
      enableLow: focused ? false : random.chance(0.3) ? null : true,
      enableHigh: random.chance(0.1) ? null : true,
      enableCritical: true,
      allowedBugTypes: ['default', ...(focused || random.chance(0.4) ? [] : ['content']), ...(focused || random.chance(0.3) ? [] : ['visual'])],
      goal,
      goalText: plainText(goal, random),
      outOfScope,
      outOfScopeText: plainText(outOfScope, random),
      instructions,
      instructionsText: plainText(instructions, random),
      platforms: isDraft && random.chance(0.5) ? [] : generatePlatforms(random, catalogue.typeOf.get(product.id) ?? 'website'),
      features,
    }
  }
}

/** Tests that ask for custom reports, for example about accessibility. */
export function hasCustomReports(testId: number): boolean {
  return testId % 8 === 3
}

function exactStatuses(count: number): string[] {
  const names = Object.keys(STATUS_SHARES)
  // One of each, then the shares of what is left: also the smallest account has every status.
  const counts = allocate(count - names.length, Object.values(STATUS_SHARES)).map((part) => part + 1)
  return names.flatMap((name, index) => Array.from({ length: itemAt(counts, index) }, () => name))
}

/** A few big products, many small ones, and in a bigger account some without any test. */
function testsPerProduct(tests: number, products: number): number[] {
  const weights = Array.from({ length: products }, (_, rank) => (rank % 25 === 24 ? 0 : 1 / (rank + 0.5 + products / 20)))
  return allocate(tests, weights)
}

function draft(random: Random, product: ProductTruth, status: string, now: number): TestDraft {
  const testingType = random.weighted(status === 'archived' ? TYPE_SHARES : { ...TYPE_SHARES, custom: 0 })
  const length = (HOURS_OF_TYPE[testingType] ?? 24) * HOUR
  const dates = schedule(random, status, length, now)
  const created = (dates?.start ?? now - random.int(0, 60) * DAY) - random.int(1, 20) * DAY
  return { product, status, testingType, start: dates?.start ?? null, end: dates?.end ?? null, created: Math.min(created, now) }
}

function schedule(random: Random, status: string, length: number, now: number): { readonly start: number; readonly end: number } | null {
  const endedDaysAgo = (from: number, to: number) => {
    const end = fullHour(now - random.int(from * 24 * 60, to * 24 * 60) * MINUTE)
    return { start: end - length, end }
  }
  const startsIn = (fromHours: number, toHours: number) => {
    const start = fullHour(now + random.int(fromHours, toHours) * HOUR)
    return { start, end: start + length }
  }
  switch (status) {
    case 'initialized':
      return random.chance(0.6) ? null : random.chance(0.7) ? startsIn(5, 600) : endedDaysAgo(100, 900)
    case 'waiting':
      return startsIn(2, 240)
    case 'running': {
      const { start, end } = startsIn(-Math.max(2, Math.floor(length / HOUR) - 2), -1)
      // Some run on after their planned end.
      return random.chance(0.2) ? { start: start - length, end: start } : { start, end: Math.max(end, fullHour(now) + 2 * HOUR) }
    }
    case 'locked': {
      const dates = random.chance(0.75) ? endedDaysAgo(1, 90) : endedDaysAgo(90, 300)
      // Some were closed before their planned end.
      return random.chance(0.04) ? { start: fullHour(now - length), end: fullHour(now) + 5 * HOUR } : dates
    }
    case 'customer_finalized':
      return random.chance(0.7) ? endedDaysAgo(3, 90) : endedDaysAgo(90, 400)
    case 'in_review':
      return endedDaysAgo(1, 30)
    default:
      return random.chance(0.25) ? endedDaysAgo(45, 180) : endedDaysAgo(90, 1_090)
  }
}

function fullHour(ms: number): number {
  return Math.floor(ms / HOUR) * HOUR
}

/** The first features of a product are tested most. */
function pickFeatures(random: Random, current: readonly FeatureTruth[], gone: readonly FeatureTruth[]): FeatureTruth[] {
  const draw = indexPicker(current.map((_, rank) => 1 / (rank + 4)))
  const chosen = new Set<FeatureTruth>()
  for (let i = Math.min(random.int(1, 7), random.int(1, 7)); i > 0; i--) chosen.add(itemAt(current, draw(random)))
  if (gone.length > 0 && random.chance(0.3)) chosen.add(random.pick(gone))
  return [...chosen]
}

/** The plain-text twin of a Markdown text; the API leaves it out now and then. */
function plainText(markdown: string | null, random: Random): string | null {
  if (markdown === null || random.chance(0.08)) return null
  return markdown.replace(/<[^>]+>/g, '').replace(/&amp;/g, '&').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/^#+ /gm, '').replace(/[*`]/g, '')
}

function byProduct<T extends { readonly productId: number }>(items: readonly T[]): ReadonlyMap<number, readonly T[]> {
  return groupBy(items, (item) => item.productId)
}

/**
 * Bugs: outcome, kind, severity and reason are decided here, in the words of the library; the wire form follows from them.
 * Sizes are skewed: some tests have no bug, a few have very many.
 */
import { DAY, HOUR, MINUTE, iso, msOf } from '../instant.ts'
import { indexPicker, itemAt, randomFor, type Random } from '../random.ts'
import type { BugTruth, DeviceTruth, Outcome, Severity, TestFeatureTruth, TestTruth } from '../truth.ts'
import { REJECT_REASONS } from '../words/reasons.ts'
import { lazyTexts, withTexts } from './lazy-texts.ts'
import { devicesFor, type DevicePool } from './devices.ts'
import type { People } from './people.ts'
import type { Catalogue } from './products.ts'
import { hasCustomReports } from './tests.ts'

const STATUS_OF_OUTCOME: Readonly<Record<Outcome, string>> = {
  open: 'forwarded', accepted: 'accepted', auto_accepted: 'accepted', rejected: 'rejected', other: 'question',
}
const REASON_SHARES = {
  intended_behavior: 25, ignored_instructions: 17, not_reproducible: 15, irrelevant: 13, known_bug: 12, device_not_relevant: 6,
  request_timeout: 4, by_hand: 6, silent: 2,
}
const OTHER_STATUSES = ['question', 'submitted', 'manager_approved']
const RARE_KINDS = ['suggestion', 'spelling', 'test_case']
const REJECTION_KEYS = new Set(REJECT_REASONS.map((reason) => reason.key))

/** A bug before it has an id. */
export interface BugDraft {
  readonly test: TestTruth
  readonly feature: TestFeatureTruth | null
  readonly kind: string
  readonly severity: Severity | null
  readonly outcome: Outcome
  readonly status: string
  readonly rejectedFor: string | null
  readonly tester: string
  readonly known: boolean
  readonly devices: readonly DeviceTruth[]
  readonly reportedAt: number
}

export type BugMaker = (draft: BugDraft) => BugTruth

export interface BugWorld {
  readonly seed: number
  readonly now: number
  readonly catalogue: Catalogue
  readonly people: People
  readonly devices: DevicePool
}

export function generateBugs(world: BugWorld, count: number, tests: readonly TestTruth[], make: BugMaker): BugTruth[] {
  const { seed, now, catalogue } = world
  const random = randomFor(seed, 'bugs')
  const draw = indexPicker(tests.map((test, ordinal) => bugWeight(random, test, ordinal, now)))
  const strictness = new Map(catalogue.products.map((product) => [product.id, random.int(12, 40)]))
  const drafts = Array.from({ length: count }, () => {
    const test = itemAt(tests, draw(random))
    return draftBug(world, random, test, strictness.get(test.productId) ?? 25)
  })
  drafts.sort((a, b) => a.reportedAt - b.reportedAt || a.test.id - b.test.id)
  return drafts.map(make)
}

/** `strictness` is the weight of rejection beside 52 for acceptance. */
export function draftBug(world: BugWorld, random: Random, test: TestTruth, strictness = 25): BugDraft {
  const { now } = world
  const owned = devicesFor(world.devices, world.catalogue.typeOf.get(test.productId) ?? 'website')
  const from = msOf(test.startAt ?? iso(now - DAY))
  const until = Math.max(from + MINUTE, Math.min(msOf(test.endAt ?? iso(now)), now - MINUTE))
  const reportedAt = Math.floor(random.int(from, until) / 1000) * 1000 + (random.chance(0.1) ? random.int(1, 999) : 0)
  const kind = drawKind(random, test)
  const outcome = drawOutcome(random, test.status, now - reportedAt, strictness)
  const rejectedFor = outcome === 'rejected' ? random.weighted(REASON_SHARES) : null
  return {
    test,
    feature: test.features.length === 0 || random.chance(0.04) ? null : itemAt(test.features, Math.min(random.int(0, 6), random.int(0, 6))),
    kind,
    severity: kind === 'functional' ? drawSeverity(random, test) : null,
    outcome,
    status: STATUS_OF_OUTCOME[outcome],
    rejectedFor,
    tester: world.people.tester(random),
    known: random.chance(rejectedFor === 'known_bug' ? 0.8 : 0.05),
    devices: random.chance(kind === 'custom' ? 0.8 : 0.02) ? [] : random.sample(owned, random.chance(0.25) ? 2 : 1),
    reportedAt,
  }
}

/** Makes bugs out of drafts, in the order of reporting. Ids rise with every call and have gaps. */
export function bugMaker(seed: number, now: number, catalogue: Catalogue): BugMaker {
  const ids = randomFor(seed, 'bug-ids')
  const nameOf = new Map(catalogue.products.map((product) => [product.id, product.name]))
  const texts = lazyTexts(seed, now)
  let id = 2_260_000
  let ordinal = -1
  return (draft) => {
    id += ids.int(1, 9)
    ordinal += 1
    const { test } = draft
    const { kind, severity, outcome, status, rejectedFor } = oddities(draft, ordinal)
    const exported = ids.chance(0.15)
    return withTexts(texts, {
      id,
      testId: test.id,
      productId: test.productId,
      testFeatureId: draft.feature?.id ?? null,
      featureId: draft.feature?.featureId ?? null,
      kind,
      severity,
      outcome,
      status,
      rejectionReason: rejectedFor === null ? null : REJECTION_KEYS.has(rejectedFor) ? rejectedFor : 'other',
      known: draft.known,
      tester: draft.tester,
      language: test.reportLanguage,
      reportedAt: iso(draft.reportedAt),
      exportedAt: exported ? iso(Math.min(now, draft.reportedAt + ids.int(1, 400) * HOUR)) : null,
      externalId: exported && ids.chance(0.8) ? `LB-${ids.int(100, 9_999)}` : null,
      sectionId: test.sectionId,
      devices: draft.devices,
      ordinal,
      rejectedFor,
      customer: test.submittedBy ?? test.createdBy ?? 'TB',
      productName: nameOf.get(test.productId) ?? '',
      featureTitle: draft.feature?.title ?? null,
    })
  }
}

/** Rare words of the API return at a fixed distance, so that every account has a few. */
function oddities(draft: BugDraft, ordinal: number): Pick<BugDraft, 'kind' | 'severity' | 'outcome' | 'status' | 'rejectedFor'> {
  const { kind, severity, outcome, status, rejectedFor } = draft
  if (ordinal % 131 === 60) {
    return { kind, severity, outcome: 'other', status: itemAt(OTHER_STATUSES, Math.floor(ordinal / 131)), rejectedFor: null }
  }
  if (ordinal % 113 === 50) return { kind: itemAt(RARE_KINDS, Math.floor(ordinal / 113)), severity: null, outcome, status, rejectedFor }
  return { kind, severity, outcome, status, rejectedFor }
}

function bugWeight(random: Random, test: TestTruth, ordinal: number, now: number): number {
  const luck = 1 / (random.int(1, 1000) / 1000 + 0.06)
  if (test.startAt === null || msOf(test.startAt) > now || ordinal % 7 === 3) return 0
  if (test.status === 'initialized' || test.status === 'waiting') return 0
  return luck * (test.status === 'running' ? 0.5 : test.status === 'cancelled' ? 0.05 : 1) * (test.testingType === 'rapid' ? 0.4 : 1)
}

function drawKind(random: Random, test: TestTruth): string {
  return random.weighted({
    functional: 74,
    visual: test.allowedBugTypes.includes('visual') ? 17 : 0,
    content: test.allowedBugTypes.includes('content') ? 12 : 0,
    custom: hasCustomReports(test.id) ? 45 : 0,
  })
}

function drawSeverity(random: Random, test: TestTruth): Severity {
  return random.weighted({ low: test.enableLow === false ? 0 : 40, high: 42, critical: 18 })
}

/** Nobody reviews for ten days: the platform accepts. So open bugs are young and belong to tests that still live. */
function drawOutcome(random: Random, status: string, age: number, strictness: number): Outcome {
  if (status === 'running') return random.weighted({ open: 55, accepted: 25, rejected: 20 })
  if (status === 'locked' && age < 10 * DAY) return random.weighted({ open: 40, accepted: 35, rejected: strictness })
  if (age < 10 * DAY) return random.weighted({ accepted: 70, rejected: strictness })
  return random.weighted({ open: 0.3, accepted: 52, auto_accepted: 20, rejected: strictness })
}

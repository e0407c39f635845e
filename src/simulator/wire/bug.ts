/**
 * Bugs as the API writes them. Severity and kind share one key, the outcome hides in status and a flag, the reason in a
 * comment; keys are missing, null or of another form in the ways that the API shows them. Nothing is decided here: the
 * same bug always looks the same, and everything in it follows from the truth.
 */
import type { Account } from '../account.ts'
import { itemAt, randomFor } from '../random.ts'
import type { BugTruth, CommentTruth, FeatureTruth, TestFeatureTruth, TestTruth } from '../truth.ts'
import { environmentWire } from './environment.ts'
import { deviceWire } from './device.ts'
import { featureBehind } from './feature.ts'
import { momentDate } from './instants.ts'
import { productInBugWire, sectionShortWire } from './product.ts'

export function bugWire(account: Account, bug: BugTruth) {
  const random = randomFor(account.seed, 'bug-wire', bug.id)
  const test = account.tests.get(bug.testId)
  const product = account.products.get(bug.productId)
  if (test === undefined || product === undefined) throw new RangeError(`Cannot write bug ${bug.id}: its test or its product is gone`)
  const section = account.sections.get(bug.sectionId ?? product.defaultSectionId)
  const environment = test.environment === null ? undefined : account.environments.get(test.environment.id)
  return {
    id: bug.id,
    title: bug.title,
    severity: bug.severity ?? bug.kind,
    status: bug.status,
    ...autoAccepted(bug),
    ...(bug.known ? { known: true } : bug.id % 11 === 4 ? {} : { known: bug.id % 13 === 5 ? null : false }),
    ...(bug.id % 9 === 2 ? {} : { fixed: null }),
    language: bug.language,
    location: bug.location,
    expected_result: text(bug.expectedResult, bug.id),
    actual_result: text(bug.actualResult, bug.id + 1),
    steps: stepsWire(bug),
    author: { name: bug.tester },
    comments: bug.comments.map(commentWire),
    devices: devicesWire(bug),
    reproductions: Array.from({ length: bug.devices.length === 0 ? 0 : Math.min(random.int(0, 2), random.int(0, 2)) }, (_, index) => ({
      id: 55_000 + bug.id * 3 + index,
      positive: random.chance(0.85),
      author: { name: account.people.tester(random) },
      device: deviceWire(itemAt(bug.devices, index), 800_000 + bug.id * 3 + index),
    })),
    exported_at: momentDate(bug.exportedAt, bug.id + 3),
    external_idx: bug.externalId,
    product: productInBugWire(account, product),
    ...(section === undefined || bug.id % 29 === 8 ? {} : { section: sectionShortWire(section) }),
    attachments: Array.from({ length: random.int(1, 3) }, (_, index) => attachmentWire(bug.id * 4 + index)),
    test: { id: test.id, title: test.title },
    test_case: null,
    ...(environment === undefined ? { test_environment: null } : { test_environment: environmentWire(environment) }),
    ...featureParts(account, bug, test),
    ...(bug.report === null ? {} : { report: { title: 'Accessibility report', content: { data: bug.report } } }),
    ...(bug.id % 17 === 3 ? { app_section: {} } : {}),
    reported_at: momentDate(bug.reportedAt, bug.id),
  }
}

/** The flag is there only in production, counts only for accepted bugs, and is false, null or absent for the others. */
function autoAccepted(bug: BugTruth): { auto_accepted?: boolean | null } {
  if (bug.outcome === 'auto_accepted') return { auto_accepted: true }
  // Stays behind on a bug that was rejected in the end.
  if (bug.outcome !== 'accepted' && bug.id % 37 === 4) return { auto_accepted: true }
  return bug.id % 8 === 5 ? {} : { auto_accepted: bug.id % 8 === 6 ? null : false }
}

/** Blank texts come as null, empty or white space; others with white space around them. */
function text(value: string | null, variant: number): string | null {
  if (value === null) return itemAt([null, '', '  \n'], variant)
  return variant % 9 === 4 ? ` ${value}\n` : value
}

function stepsWire(bug: BugTruth): readonly string[] | string | null {
  if (bug.steps.length === 0) return bug.kind === 'functional' && bug.id % 2 === 0 ? [] : null
  return bug.steps.length === 1 ? itemAt(bug.steps, 0) : bug.steps
}

function devicesWire(bug: BugTruth) {
  const devices = bug.devices.map((device, index) => deviceWire(device, 660_000 + bug.id * 3 + index))
  if (devices.length === 0) return bug.id % 2 === 0 ? null : []
  return devices.length === 1 && bug.id % 41 === 9 ? devices[0] : devices
}

function commentWire(comment: CommentTruth) {
  const { id, body, author, createdAt } = comment
  return { id, body, author: { name: author }, ...(createdAt === null ? {} : { created_at: momentDate(createdAt, id) }) }
}

function attachmentWire(id: number) {
  const sizes = ['50x50', '150x150', '200x200', 'x250', '50x36']
  const kind = itemAt(['mp4', 'png', 'jpg', 'txt'], id)
  return {
    id,
    url: `https://files.example/bug/${id}.${kind}`,
    ...(kind === 'txt' ? {} : { thumbnail_urls: Object.fromEntries(sizes.map((size) => [size, `https://files.example/thumb/${id}/${size}.png`])) }),
  }
}

/** `feature` is the one of the catalogue, `test_feature` the snapshot; a few bugs have none, or only the first. */
function featureParts(account: Account, bug: BugTruth, test: TestTruth) {
  const snapshot = test.features.find((one) => one.id === bug.testFeatureId)
  if (snapshot === undefined) {
    const other = bug.id % 3 === 0 ? featureBehind(account, test.features[0]?.featureId ?? null) : undefined
    return {
      ...(other === undefined ? {} : { feature: featureInBug(other.id, other.title, other) }),
      ...(bug.id % 2 === 0 ? { test_feature: null } : {}),
    }
  }
  const behind = featureBehind(account, snapshot.featureId)
  return {
    feature: snapshot.featureId === null ? null : featureInBug(snapshot.featureId, behind?.title ?? snapshot.title, behind),
    test_feature: snapshotInBug(snapshot, behind),
  }
}

function featureInBug(id: number, title: string, behind: FeatureTruth | undefined) {
  const place = behind?.howToFind ?? null
  return { id, title, description: behind?.description ?? null, location: place, howtofind: place, target_idx: null }
}

function snapshotInBug(snapshot: TestFeatureTruth, behind: FeatureTruth | undefined) {
  return featureInBug(snapshot.id, snapshot.title, behind)
}

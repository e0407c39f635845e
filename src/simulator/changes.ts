/**
 * What happens in an account while somebody keeps a copy of it. Every verb changes the truth, and with it what the wire
 * says from the next request on. Dates of new things are the account's `now`.
 */
import type { Account } from './account.ts'
import { draftBug } from './generate/bugs.ts'
import { commentId } from './generate/comments.ts'
import { changed } from './generate/lazy-texts.ts'
import { DAY, HOUR, iso, msOf } from './instant.ts'
import { randomFor } from './random.ts'
import type { BugTruth, ProductTruth, TestTruth } from './truth.ts'

/** What people and testers do upstream. */
export interface Changes {
  /** A running test, unless `values` say otherwise. */
  addTest(productId: number, values?: Partial<Pick<TestTruth, 'title' | 'status' | 'startAt' | 'endAt'>>): TestTruth
  /** An open functional bug without comments, unless `values` say otherwise; accept or reject it afterwards. */
  addBug(testId: number, values?: Partial<Pick<BugTruth, 'title' | 'kind' | 'severity' | 'tester' | 'reportedAt'>>): BugTruth
  /** By a person, or with `auto` by the platform. */
  acceptBug(bugId: number, options?: { readonly auto?: boolean | undefined }): BugTruth
  /** `reason` is a key of the reject reasons, or `other` for a comment written by hand. */
  rejectBug(bugId: number, reason: string): BugTruth
  setTestStatus(testId: number, status: string): TestTruth
  renameTest(testId: number, title: string): TestTruth
  /** Moves it in the list of its product, which is in the order of the ends; null is before all others. */
  rescheduleTest(testId: number, endAt: string | null): TestTruth
  renameProduct(productId: number, name: string): ProductTruth
  removeBug(bugId: number): void
  /** With its bugs. */
  removeTest(testId: number): void
  /** A test that was removed, with the bugs that it had then. */
  bringBackTest(testId: number): TestTruth
  /** Out of the catalogue; the snapshots in tests stay. */
  removeFeature(featureId: number): void
}

/** Every verb throws a RangeError for an id that is not there. */
export function createChanges(account: Account): Changes {
  const { seed, now } = account
  const removed = new Map<number, { readonly test: TestTruth; readonly bugs: readonly BugTruth[] }>()
  let made = 0
  const replaceTest = (test: TestTruth): TestTruth => {
    account.put('tests', test)
    return test
  }
  const replaceBug = (bug: BugTruth, values: Partial<BugTruth>): BugTruth => {
    const next = changed(bug, values)
    account.put('bugs', next)
    return next
  }
  return {
    addTest(productId, values = {}) {
      const product = existing(account.products, productId)
      const test = account.makeTest(
        { product, status: values.status ?? 'running', testingType: 'coverage', start: now - 4 * HOUR, end: now + DAY, created: now },
        // Beside every oddity that depends on the ordinal.
        1,
      )
      return replaceTest({ ...test, ...values })
    },
    addBug(testId, values = {}) {
      const draft = draftBug(account, randomFor(seed, 'change', (made += 1)), existing(account.tests, testId))
      const kind = values.kind ?? 'functional'
      return replaceBug(account.makeBug(draft), {
        kind,
        severity: kind === 'functional' ? 'high' : null,
        outcome: 'open',
        status: 'forwarded',
        rejectionReason: null,
        known: false,
        reportedAt: iso(now),
        exportedAt: null,
        externalId: null,
        comments: [],
        ...values,
      })
    },
    acceptBug(bugId, options = {}) {
      const outcome = options.auto === true ? 'auto_accepted' : 'accepted'
      return replaceBug(existing(account.bugs, bugId), { outcome, status: 'accepted', rejectionReason: null })
    },
    rejectBug(bugId, reason) {
      const bug = existing(account.bugs, bugId)
      const known = account.truth.rejectReasons.find((one) => one.key === reason)
      if (known === undefined && reason !== 'other') {
        throw new RangeError(`Cannot reject a bug for "${reason}": there is no such reason; use a key of the reject reasons, or "other"`)
      }
      const comment = {
        id: Math.max(commentId(bugId, 0) - 1, ...bug.comments.map((one) => one.id)) + 1,
        author: 'N Okoye',
        createdAt: iso(Math.max(now, msOf(bug.reportedAt))),
        body: known === undefined ? 'We decided against this one.' : `Rejected - ${known.defaultComment}`,
      }
      const comments = [...bug.comments.filter((one) => !isReason(account, one.body)), comment]
      return replaceBug(bug, { outcome: 'rejected', status: 'rejected', rejectionReason: reason, comments })
    },
    setTestStatus: (testId, status) => replaceTest({ ...existing(account.tests, testId), status }),
    renameTest: (testId, title) => replaceTest({ ...existing(account.tests, testId), title }),
    rescheduleTest: (testId, endAt) => replaceTest({ ...existing(account.tests, testId), endAt }),
    renameProduct(productId, name) {
      const product = { ...existing(account.products, productId), name }
      account.put('products', product)
      return product
    },
    removeBug(bugId) {
      account.remove('bugs', existing(account.bugs, bugId).id)
    },
    removeTest(testId) {
      const test = existing(account.tests, testId)
      const bugs = account.bugsOf(testId)
      removed.set(testId, { test, bugs })
      for (const bug of bugs) account.remove('bugs', bug.id)
      account.remove('tests', testId)
    },
    bringBackTest(testId) {
      const { test, bugs } = existing(removed, testId)
      removed.delete(testId)
      for (const bug of bugs) account.put('bugs', bug)
      return replaceTest(test)
    },
    removeFeature(featureId) {
      account.put('retired', existing(account.features, featureId))
      account.remove('features', featureId)
    },
  }
}

/** Only one reason can be read from the comments of a bug, the last one. */
function isReason(account: Account, body: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/\s+/g, ' ')
  return account.truth.rejectReasons.some((reason) => letters(body).includes(letters(reason.defaultComment)))
}

function existing<T>(entities: ReadonlyMap<number, T>, id: number): T {
  const entity = entities.get(id)
  if (entity === undefined) throw new RangeError(`Cannot change ${id}: the account holds nothing with this id here`)
  return entity
}

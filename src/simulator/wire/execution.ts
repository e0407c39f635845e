/**
 * Who ran which user story in which test. Made from the seed, the test and the story whenever they are asked for; the
 * results of a test and the list of executions are two views of the same rows.
 */
import type { Account } from '../account.ts'
import { devicesFor } from '../generate/devices.ts'
import { iso, msOf } from '../instant.ts'
import { randomFor } from '../random.ts'
import type { DeviceTruth, TestFeatureTruth, TestTruth, UserStoryTruth } from '../truth.ts'
import { deviceReportWire } from './device.ts'
import { featureBehind } from './feature.ts'

export interface Execution {
  readonly id: number
  readonly test: TestTruth
  readonly storyId: number
  readonly status: 'pending' | 'passed' | 'failed' | 'blocked' | 'cancelled'
  readonly tester: string | null
  readonly device: DeviceTruth | null
  readonly comment: string | null
  readonly executedAt: string
}

/** The version of a story that tests run; there is one per story. */
export function storyVersion(storyId: number): number {
  return storyId + 27_000
}

/** The stories with an id that a snapshot brings along. */
export function storiesOfSnapshot(account: Account, snapshot: TestFeatureTruth): readonly (UserStoryTruth & { readonly id: number })[] {
  return (featureBehind(account, snapshot.featureId)?.userStories ?? []).flatMap(({ id, title }) => (id === null ? [] : [{ id, title }]))
}

export function executionsOf(account: Account, test: TestTruth, storyId: number): Execution[] {
  const { startAt, endAt } = test
  if (startAt === null || endAt === null || msOf(startAt) >= account.now || test.status === 'initialized' || test.status === 'cancelled') return []
  const random = randomFor(account.seed, 'executions', test.id, storyId)
  const owned = devicesFor(account.devices, account.catalogue.typeOf.get(test.productId) ?? 'website')
  const until = Math.min(msOf(endAt), account.now)
  return Array.from({ length: Math.min(random.int(0, 3), random.int(0, 3)) }, (_, index) => {
    const status = random.weighted({ pending: 4, passed: 70, failed: 17, blocked: 5, cancelled: 4 })
    const finished = status === 'passed' || status === 'failed' || status === 'blocked'
    return {
      id: storyId * 1_000_000 + test.id * 4 + index,
      test,
      storyId,
      status,
      tester: finished || random.chance(0.5) ? account.people.tester(random) : null,
      device: finished ? random.pick(owned) : null,
      comment: finished ? random.pick(COMMENTS[status]) : null,
      executedAt: iso(random.int(msOf(startAt), until)),
    }
  })
}

/** Executions of some stories over the whole account, oldest first. */
export function executionsOfStories(account: Account, wanted: (storyId: number) => boolean): Execution[] {
  return account.truth.tests
    .flatMap((test) => test.features.flatMap((snapshot) =>
      storiesOfSnapshot(account, snapshot).filter((story) => wanted(story.id)).flatMap((story) => executionsOf(account, test, story.id))))
    .sort((a, b) => msOf(a.executedAt) - msOf(b.executedAt) || a.id - b.id)
}

/** The row names neither the story nor its version. */
export function executionWire(execution: Execution) {
  const { test } = execution
  return {
    id: execution.id,
    status: execution.status,
    comment: execution.comment,
    executed_by: execution.tester,
    device_reports: execution.device === null ? [] : [deviceReportWire(execution.device, 660_000 + execution.id)],
    test_cycle: { id: test.id, title: test.title, test_environment: test.environment },
    executed_at: execution.executedAt,
  }
}

const COMMENTS = {
  passed: ['Works as described', 'Everything fine, also after a reload', 'Klappt ohne Probleme 👍'],
  failed: ['The last step cannot be finished', 'Error message at the end, see my bug', 'Funktioniert nicht wie beschrieben'],
  blocked: ['The page before does not load', 'No test account left'],
} as const

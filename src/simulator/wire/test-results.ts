/**
 * What the single read of a test adds: `analytics`, and results per feature and story. Only bugs count that the customer
 * can see. The rules are those of the vendor: failed = a failed execution or a linked bug; blocked = a blocked one and
 * none failed; passed = executed and neither; a feature takes its status from its stories.
 */
import type { Account } from '../account.ts'
import type { BugTruth, TestFeatureTruth, TestTruth } from '../truth.ts'
import { executionsOf, storiesOfSnapshot, type Execution } from './execution.ts'
import { storyInTestWire, testWire, type TestWireOptions } from './test.ts'

type Status = 'not_tested' | 'passed' | 'failed' | 'blocked'

interface Result {
  readonly status: Status
  readonly executions: readonly Execution[]
  readonly bugs: readonly BugTruth[]
}

export function testWithResultsWire(account: Account, test: TestTruth, options: TestWireOptions) {
  const visible = account.bugsOf(test.id).filter((bug) => bug.outcome !== 'other')
  const snapshots = test.features.map((snapshot) => snapshotResult(account, test, snapshot, visible))
  const stories = snapshots.flatMap((snapshot) => snapshot.stories.map((story) => story.result))
  const features = snapshots.map((snapshot) => snapshot.result)
  const executions = features.flatMap((feature) => feature.executions)
  const row = testWire(account, test, options)
  return {
    ...row,
    features: row.features.map((feature, index) => {
      const result = snapshots[index]
      if (result === undefined) return feature
      const stories = options.expandStories ? { user_stories: expanded(account, result, feature.user_stories) } : {}
      return { ...feature, execution_status: result.result.status, tester_count: testersOf(result.result), ...bugKeys(result.result), ...stories }
    }),
    analytics: {
      testers_count: distinct([...executions.map((execution) => execution.tester), ...visible.map((bug) => bug.tester)]),
      devices_count: distinct([...executions.map((execution) => execution.device), ...visible.flatMap((bug) => bug.devices)]),
      total_features: features.length,
      tested_features: countNot(features, 'not_tested'),
      passed_features: count(features, 'passed'),
      failed_features: count(features, 'failed'),
      total_user_stories: stories.length,
      tested_user_stories: countNot(stories, 'not_tested'),
      passed_user_stories: count(stories, 'passed'),
      failed_user_stories: count(stories, 'failed'),
      blocked_user_stories: count(stories, 'blocked'),
      total_bugs: visible.length,
    },
  }
}

function snapshotResult(account: Account, test: TestTruth, snapshot: TestFeatureTruth, visible: readonly BugTruth[]) {
  const bugs = visible.filter((bug) => bug.testFeatureId === snapshot.id)
  const own = storiesOfSnapshot(account, snapshot)
  const stories = own.map((story, index) => {
    // A part of the bugs is linked with a story, the others with the feature alone.
    const linked = bugs.filter((bug) => bug.id % (own.length + 1) === index)
    const executions = finished(executionsOf(account, test, story.id))
    return { id: story.id, result: { status: statusOf(executions, linked), executions, bugs: linked } }
  })
  const executions = stories.flatMap((story) => story.result.executions)
  return { snapshot, result: { status: statusOf(executions, bugs), executions, bugs }, stories }
}

function statusOf(executions: readonly Execution[], bugs: readonly BugTruth[]): Status {
  const has = (status: Execution['status']) => executions.some((execution) => execution.status === status)
  if (bugs.length > 0 || has('failed')) return 'failed'
  if (has('blocked')) return 'blocked'
  return executions.length > 0 ? 'passed' : 'not_tested'
}

function bugKeys({ bugs }: Result) {
  return { bugs_found: bugs.length, bug_ids: bugs.map((bug) => bug.id) }
}

type Plain = ReturnType<typeof testWire>['features'][number]['user_stories']

/** Stories without an id stay as they are in the list. */
function expanded(account: Account, { snapshot, stories }: ReturnType<typeof snapshotResult>, plain: Plain) {
  if (plain === null) return plain
  const texts = plain.filter((story) => typeof story === 'string')
  return [...texts, ...storiesOfSnapshot(account, snapshot).map((story) => {
    const result = stories.find((one) => one.id === story.id)?.result
    const keys = result === undefined ? {} : { execution_status: result.status, tested_by_count: testersOf(result), ...bugKeys(result) }
    return { ...storyInTestWire(snapshot, story), ...keys }
  })]
}

function finished(executions: readonly Execution[]): Execution[] {
  return executions.filter((execution) => execution.status !== 'pending' && execution.status !== 'cancelled')
}

function testersOf(result: Result): number {
  return distinct([...result.executions.map((execution) => execution.tester), ...result.bugs.map((bug) => bug.tester)])
}

function distinct(values: readonly unknown[]): number {
  return new Set(values.filter((value) => value !== null)).size
}

function count(results: readonly Result[], status: Status): number {
  return results.filter((result) => result.status === status).length
}

function countNot(results: readonly Result[], status: Status): number {
  return results.length - count(results, status)
}

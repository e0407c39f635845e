import { describe, expect, it } from 'vitest'
import { account, allTests, ask, read, type Json } from './api.ts'

const bugOf = async (simulator: ReturnType<typeof account>, id: number): Promise<Json> => (await read(simulator, `bugs/${id}`)).bug

describe('an account that lives on', () => {
  it('gets a test that stands where its end puts it', async () => {
    const simulator = account()
    const product = simulator.truth.products[0]!.id
    const before = simulator.truth.tests
    const test = simulator.change.addTest(product, { title: 'A new one' })
    expect(simulator.truth.tests).toEqual([...before, test])
    expect(test).toMatchObject({ productId: product, title: 'A new one', status: 'running' })
    expect(before.every((one) => one.id < test.id)).toBe(true)
    const rows = (await allTests(simulator)).filter((row) => row.product.id === product)
    expect(rows.filter((row) => row.id === test.id)).toHaveLength(1)
    expect((await read(simulator, `exploratory_tests/${test.id}`)).exploratory_test.test_title).toBe('A new one')
  })

  it('has a test elsewhere in the list when it is rescheduled', async () => {
    const simulator = account()
    const product = simulator.truth.products[0]!.id
    const list = async (): Promise<number[]> => (await read(simulator, `products/${product}/exploratory_tests?page=1&per_page=100`)).exploratory_tests.map((row: Json) => row.id)
    const before = await list()
    const last = before.at(-1)!
    const others = before.slice(0, -1)
    expect(simulator.change.rescheduleTest(last, null)).toMatchObject({ id: last, endAt: null })
    expect((await list()).toSorted()).toEqual(before.toSorted())
    expect((await list()).indexOf(last)).toBeLessThan(before.length - 1)
    simulator.change.rescheduleTest(last, '2001-01-01T00:00:00.000Z')
    expect(await list()).toEqual([...others, last])
    expect((await read(simulator, `exploratory_tests/${last}`)).exploratory_test.end_at).toMatch(/^200[01]-/)
    expect(() => simulator.change.rescheduleTest(1, null)).toThrow(RangeError)
  })

  it('gets bugs that are open, until somebody accepts or rejects them', async () => {
    const simulator = account()
    const test = simulator.change.addTest(simulator.truth.products[0]!.id)
    const { id } = simulator.change.addBug(test.id, { title: 'New & <b>bold</b>', severity: 'critical' })
    expect(simulator.truth.bugs.at(-1)).toMatchObject({
      id, testId: test.id, outcome: 'open', kind: 'functional', severity: 'critical', rejectionReason: null, reportedAt: simulator.truth.now,
    })
    expect(simulator.truth.bugs.at(-1)?.title).toBe('New & <b>bold</b>')
    expect(await bugOf(simulator, id)).toMatchObject({ title: 'New & <b>bold</b>', severity: 'critical', status: 'forwarded', comments: [] })

    simulator.change.acceptBug(id)
    const accepted = await bugOf(simulator, id)
    expect([accepted.status, accepted.auto_accepted === true]).toEqual(['accepted', false])
    simulator.change.acceptBug(id, { auto: true })
    expect(await bugOf(simulator, id)).toMatchObject({ status: 'accepted', auto_accepted: true })

    simulator.change.rejectBug(id, 'known_bug')
    expect(simulator.truth.bugs.at(-1)).toMatchObject({ outcome: 'rejected', rejectionReason: 'known_bug' })
    const rejected = await bugOf(simulator, id)
    expect(rejected.status).toBe('rejected')
    expect(rejected.comments.at(-1).body).toBe('Rejected - This is a legit bug but already known to us.')
    simulator.change.rejectBug(id, 'other')
    expect((await bugOf(simulator, id)).comments.map((comment: Json) => comment.body)).toEqual(['We decided against this one.'])
    expect(() => simulator.change.rejectBug(id, 'whim')).toThrow(RangeError)
    expect((await read(simulator, `bugs?filter_test_cycle_ids=${test.id}`)).meta.record_count).toBe(1)
  })

  it('keeps the texts of a bug when its outcome changes', async () => {
    const simulator = account()
    for (const bug of simulator.truth.bugs.filter((one) => one.outcome === 'accepted' || one.outcome === 'open').slice(0, 30)) {
      const before = await bugOf(simulator, bug.id)
      simulator.change.rejectBug(bug.id, 'irrelevant')
      const after = await bugOf(simulator, bug.id)
      for (const key of ['title', 'steps', 'actual_result', 'expected_result', 'devices', 'reported_at', 'attachments', 'known']) expect(after[key]).toEqual(before[key])
      expect(new Set(after.comments.map((comment: Json) => comment.id)).size).toBe(after.comments.length)
      const now = simulator.truth.bugs.find((one) => one.id === bug.id)!
      expect(now.comments.map((comment) => comment.body)).toEqual(after.comments.map((comment: Json) => comment.body))
      expect(now.title).toBe(bug.title)
    }
  })

  it('never shows a new bug twice or under an old id, also after many', () => {
    const simulator = account()
    const test = simulator.truth.tests.find((one) => one.status === 'running')!
    for (let i = 0; i < 150; i++) simulator.change.addBug(test.id)
    const { bugs } = simulator.truth
    expect(new Set(bugs.map((bug) => bug.id)).size).toBe(550)
    const added = bugs.slice(400)
    expect(added.every((bug) => bug.outcome === 'open' && bug.kind === 'functional' && bug.severity === 'high')).toBe(true)
    const comments = bugs.flatMap((bug) => bug.comments.map((comment) => comment.id))
    expect(new Set(comments).size).toBe(comments.length)
  })

  it('changes titles, states and names, also where they are repeated', async () => {
    const simulator = account()
    const test = simulator.truth.tests.find((one) => one.id === simulator.truth.bugs[0]!.testId)!
    simulator.change.setTestStatus(test.id, 'cancelled')
    simulator.change.renameTest(test.id, 'Other title')
    simulator.change.renameProduct(test.productId, 'Other name')
    expect((await read(simulator, `exploratory_tests/${test.id}`)).exploratory_test).toMatchObject({ status: 'cancelled', test_title: 'Other title', product: { name: 'Other name' } })
    expect(await bugOf(simulator, simulator.truth.bugs[0]!.id)).toMatchObject({ test: { title: 'Other title' }, product: { name: 'Other name' } })
    expect((await read(simulator, `products/${test.productId}`)).product.name).toBe('Other name')
    expect(simulator.truth.products.find((one) => one.id === test.productId)?.name).toBe('Other name')
  })

  it('loses bugs, tests with their bugs, and features without their snapshots', async () => {
    const simulator = account()
    const [bug] = simulator.truth.bugs
    simulator.change.removeBug(bug!.id)
    expect((await ask(simulator, `bugs/${bug!.id}`)).status).toBe(404)

    const test = simulator.truth.tests.find((one) => one.id === simulator.truth.bugs[0]!.testId)!
    simulator.change.removeTest(test.id)
    expect((await ask(simulator, `exploratory_tests/${test.id}`)).status).toBe(404)
    expect((await read(simulator, `bugs?filter_test_cycle_ids=${test.id}`)).bugs).toEqual([])
    expect(simulator.truth.bugs.some((one) => one.testId === test.id)).toBe(false)
    expect((await read(simulator, 'bugs')).meta.record_count).toBe(simulator.truth.bugs.length)

    const snapshots = simulator.truth.tests.flatMap((one) => one.features)
    const feature = simulator.truth.features.find((one) => one.sectionIds.length === 0 && snapshots.some((snapshot) => snapshot.featureId === one.id))!
    simulator.change.removeFeature(feature.id)
    expect((await read(simulator, `products/${feature.productId}/features`)).features.map((one: Json) => one.id)).not.toContain(feature.id)
    expect(simulator.truth.tests.flatMap((one) => one.features)).toEqual(snapshots)
    expect((await allTests(simulator)).flatMap((one) => one.features).some((one) => one.feature_id === feature.id)).toBe(true)
  })

  it('gets back a test that was removed, with the bugs that it had', async () => {
    const simulator = account()
    const [tests, bugs] = [simulator.truth.tests.length, simulator.truth.bugs.length]
    const { testId } = simulator.truth.bugs[0]!
    const list = await read(simulator, `bugs?filter_test_cycle_ids=${testId}`)
    simulator.change.removeTest(testId)
    simulator.change.bringBackTest(testId)
    expect(await read(simulator, `bugs?filter_test_cycle_ids=${testId}`)).toEqual(list)
    expect((await ask(simulator, `exploratory_tests/${testId}`)).status).toBe(200)
    expect([simulator.truth.tests.length, simulator.truth.bugs.length]).toEqual([tests, bugs])
    expect(() => simulator.change.bringBackTest(testId)).toThrow(RangeError)
  })

  it('refuses ids that are not there', () => {
    const { change } = account()
    const wrong = [
      () => change.addTest(1), () => change.addBug(1), () => change.acceptBug(1), () => change.rejectBug(1, 'other'), () => change.setTestStatus(1, 'running'),
      () => change.renameTest(1, 'x'), () => change.renameProduct(1, 'x'), () => change.removeBug(1), () => change.removeTest(1), () => change.removeFeature(1),
    ]
    for (const call of wrong) expect(call).toThrow(RangeError)
  })
})

/** The whole simulated account, read over real HTTP, against the truth behind it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { createTestioClient, MAX_TESTS_PER_BUG_READ } from '../../src/testio/client.ts'
import type { TestioClient } from '../../src/testio/client.ts'
import { sectionIdsToWalk } from '../../src/testio/sections.ts'
import type { WireBug } from '../../src/testio/wire/bug.ts'
import type { WireProduct } from '../../src/testio/wire/product.ts'
import type { WireTest } from '../../src/testio/wire/test.ts'
import { serve } from '../support/http-server.ts'
import type { HttpServer } from '../support/http-server.ts'
import { failureOf } from './scripted-api.ts'

const simulator = createSimulator({ seed: 7, now: Date.UTC(2026, 5, 1) })
const { truth } = simulator
let server: HttpServer
let client: TestioClient

beforeAll(async () => {
  server = await serve(simulator.fetch)
  client = createTestioClient({ token: simulator.token, baseUrl: `${server.url}/customer/v2`, sleep: async () => undefined })
})
afterAll(() => server.close())

async function allTests(): Promise<WireTest[]> {
  const found: WireTest[] = []
  for (const { id } of truth.products) {
    const walk = client.walkTests(id)
    for await (const window of walk) found.push(...window.records)
    expect(walk.ending?.end).toBe('proven')
  }
  return found
}

async function allBugs(): Promise<WireBug[]> {
  const ids = truth.tests.map((test) => test.id)
  const found: WireBug[] = []
  for (let at = 0; at < ids.length; at += MAX_TESTS_PER_BUG_READ) {
    const list = await client.bugsOfTests(ids.slice(at, at + MAX_TESTS_PER_BUG_READ))
    expect(list.complete).toBe(true)
    expect(list.malformed).toEqual([])
    found.push(...list.records)
  }
  return found
}

const byId = (a: { readonly id: number }, b: { readonly id: number }): number => a.id - b.id
const ids = (items: readonly { readonly id: number }[]): number[] => items.map(({ id }) => id).toSorted((a, b) => a - b)

describe('a simulated account', () => {
  it('has the products and sections of the truth', async () => {
    const { records, malformed } = await client.products()
    expect(malformed).toEqual([])
    expect(records.map(({ id, name, type, description, defaultSectionId }) => ({ id, name, type, description, defaultSectionId })))
      .toEqual(truth.products.map(({ id, name, type, description, defaultSectionId }) => ({ id, name, type, description, defaultSectionId })))
    const sections = records.flatMap((product) => product.sectionsWithDefault.map(({ id, name }) => ({ id, productId: product.id, name })))
    expect(sections.toSorted(byId)).toEqual(truth.sections.map(({ id, productId, name }) => ({ id, productId, name })).toSorted(byId))
    for (const product of records) expect(await client.product(product.id)).toEqual(product)
  })

  it('has the features and stories of the truth, with the sections where they are used', async () => {
    const { records: products } = await client.products()
    const read = async (product: WireProduct) => {
      const { records } = await client.features(product.id, { sectionIds: sectionIdsToWalk(product) })
      return records.map(({ id, title, description, howToFind, userStories, sectionIds }) => ({
        id, productId: product.id, title, description, howToFind, userStories, sectionIds: (sectionIds ?? []).toSorted((a, b) => a - b),
      }))
    }
    const found = (await Promise.all(products.map(read))).flat()
    expect(found.toSorted(byId)).toEqual(truth.features.toSorted(byId).map((feature) => ({ ...feature })))
    expect(found.some((feature) => feature.sectionIds.length > 1)).toBe(true)
  })

  it('has the tests of the truth', async () => {
    const found = (await allTests()).toSorted(byId)
    expect(found.map((test) => ({
      id: test.id, productId: test.product?.id, title: test.title, status: test.status, testingType: test.testingType, reviewStatus: test.reviewStatus,
      startAt: test.startAt, endAt: test.endAt, createdBy: test.createdBy, submittedBy: test.submittedBy, environment: test.environment,
      reportLanguage: test.reportLanguage, isDemo: test.demo, enable: [test.enableLow, test.enableHigh, test.enableCritical],
      allowedBugTypes: test.allowedBugTypes, goal: test.goal, outOfScope: test.outOfScope, instructions: test.instructions,
      platforms: test.requirements, features: test.features,
    }))).toEqual(truth.tests.toSorted(byId).map((test) => ({
      id: test.id, productId: test.productId, title: test.title, status: test.status, testingType: test.testingType, reviewStatus: test.reviewStatus,
      startAt: test.startAt, endAt: test.endAt, createdBy: test.createdBy, submittedBy: test.submittedBy, environment: test.environment,
      reportLanguage: test.reportLanguage, isDemo: test.isDemo, enable: [test.enableLow, test.enableHigh, test.enableCritical],
      allowedBugTypes: test.allowedBugTypes, goal: test.goalText ?? test.goal, outOfScope: test.outOfScopeText ?? test.outOfScope,
      instructions: test.instructionsText ?? test.instructions, platforms: test.platforms, features: test.features,
    })))
  })

  it('has the bugs of the truth', async () => {
    const found = (await allBugs()).toSorted(byId)
    expect(found.map((bug) => ({
      id: bug.id, testId: bug.test?.id, productId: bug.product?.id, testFeatureId: bug.testFeature?.id ?? null, title: bug.title, word: bug.severity,
      status: bug.status, autoAccepted: bug.status === 'accepted' && bug.autoAccepted, known: bug.known, tester: bug.author, language: bug.language,
      reportedAt: bug.reportedAt, exportedAt: bug.exportedAt, externalId: bug.externalId, location: bug.location, expectedResult: bug.expectedResult,
      actualResult: bug.actualResult, steps: bug.steps, devices: bug.devices, comments: bug.comments,
    }))).toEqual(truth.bugs.toSorted(byId).map((bug) => {
      const row = (key: string): string | null => bug.report?.find((one) => one.key === key)?.value ?? null
      const step = row('steps_to_reproduce')
      return {
        id: bug.id, testId: bug.testId, productId: bug.productId, testFeatureId: bug.testFeatureId, title: bug.title, word: bug.severity ?? bug.kind,
        status: bug.status, autoAccepted: bug.outcome === 'auto_accepted', known: bug.known, tester: bug.tester, language: bug.language,
        reportedAt: bug.reportedAt, exportedAt: bug.exportedAt, externalId: bug.externalId, location: bug.location,
        expectedResult: bug.expectedResult ?? row('expected_result'), actualResult: bug.actualResult ?? row('actual_result'),
        steps: step === null ? bug.steps : [step], devices: bug.devices, comments: bug.comments,
      }
    }))
  })

  it('gives out none of its secrets', async () => {
    const everything = JSON.stringify([await client.products(), await allTests(), await allBugs(), await client.test(truth.tests[0]!.id)])
    expect(truth.secrets.length).toBeGreaterThan(10)
    expect(truth.secrets.filter((secret) => everything.includes(secret))).toEqual([])
  })

  it('has its reject reasons', async () => {
    expect((await client.rejectReasons()).records.map(({ key, name, defaultComment }) => ({ key, name, defaultComment }))).toEqual(truth.rejectReasons)
  })

  it.each(['ignored', 'repeated'] as const)('gives every test once when paging is %s', async (paging) => {
    simulator.setFaults({ paging })
    try {
      expect(ids(await allTests())).toEqual(ids(truth.tests))
    } finally {
      simulator.setFaults({})
    }
  })

  it('gives everything in spite of passing faults', async () => {
    simulator.setFaults({ rules: [
      { fault: 'rate_limited', nth: [2, 9], retryAfter: { seconds: 1 } }, { fault: 'unavailable', nth: [4] }, { fault: 'bad_gateway', nth: [6] }, { fault: 'drop', nth: [11] },
    ] })
    try {
      expect(ids(await allBugs())).toEqual(ids(truth.bugs))
    } finally {
      simulator.setFaults({})
    }
  })

  it.each([
    ['truncated', 'api_malformed'], ['not_json', 'api_malformed'], ['not_object', 'api_malformed'], ['server_error', 'api_server_error'],
    ['rate_limited', 'api_rate_limited'], ['drop', 'api_unreachable'],
  ] as const)('fails with a typed error when every answer is %s', async (fault, code) => {
    simulator.setFaults({ rules: [{ fault }] })
    try {
      expect(await failureOf(client.products())).toMatchObject({ code })
    } finally {
      simulator.setFaults({})
    }
  })

  it('gives all tests around a poisoned one', async () => {
    const { id: product } = truth.products[0]!
    const { ids: rows } = await client.testWindow(product, 0, 5)
    simulator.setFaults({ poisonedTests: [rows[2]!] })
    try {
      expect(await failureOf(client.testWindow(product, 0, 5, { retries: 0 }))).toMatchObject({ code: 'api_server_error', details: { attempts: 1 } })
      expect(await failureOf(client.test(rows[2]!))).toMatchObject({ code: 'api_server_error' })
      expect(ids(await allTests())).toEqual(ids(truth.tests.filter(({ id }) => id !== rows[2])))
    } finally {
      simulator.setFaults({})
    }
  })

  it('can be handed over as a fetch, without HTTP', async () => {
    const direct = createTestioClient({ token: simulator.token, fetch: simulator.fetch })
    expect((await direct.products()).records).toEqual((await client.products()).records)
  })
})

/** A word that finds nothing because it is written differently must not look like an answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedAccount, type AskedAccount, type Json } from './account.ts'

let account: AskedAccount
beforeAll(async () => {
  account = await askedAccount()
})
afterAll(() => account.tidemark.close())

describe('a list that found nothing by words that are compared exactly', () => {
  it.each<readonly [string, Json, RegExp]>([
    ['list_bugs', { platforms: ['ios'] }, /platforms must be written as TestIO does, also in case: query_metrics by platform shows/],
    ['list_bugs', { kinds: ['Visual'], testers: ['nobody'] }, /kinds and testers must be .* query_metrics by kind and tester shows/],
    ['list_bugs', { rejection_reasons: ['duplicate'] }, /rejection_reasons must be .* query_metrics by rejection_reason shows/],
    ['list_tests', { testing_types: ['exploratory'] }, /testing_types must be .* query_metrics by testing_type shows/],
    ['list_tests', { testing_types: ['exploratory'], statuses: ['archive'] }, /not among running, .* Did you mean archived\?/],
    ['list_products', { type: ['mobile'] }, /type must be a word of TestIO/],
  ])('%s %j says where the words are', async (tool, args, hint) => {
    const answer = await account.ask(tool, args)
    expect(answer).toMatchObject({ total: 0, hint: expect.stringMatching(hint) })
  })

  it.each<readonly [string, Json]>([['list_bugs', { platforms: ['iOS'] }], ['list_tests', { testing_types: ['coverage'] }], ['list_products', { type: ['website'] }]])('%s %j that found something says nothing', async (tool, args) => {
    expect(await account.ask(tool, args)).not.toHaveProperty('hint')
  })

  it('list_bugs without such words says what it says of all filters', async () => {
    const [test] = account.truth.tests.filter(({ id }) => account.truth.bugs.every(({ testId }) => testId !== id))
    expect(await account.ask('list_bugs', { test_ids: [test?.id] })).toMatchObject({ total: 0, hint: 'No bugs match these filters: leave one out.' })
  })
})

describe('query_metrics that counted nothing', () => {
  it.each<readonly [string, Json, RegExp]>([
    ['a platform in another case', { filters: { platform: 'ios' } }, /^Nothing was counted\. platform must be written as TestIO does/],
    ['a part of a name, and a status that there is not', { filters: { product: 'Stereo', test_status: ['finished'] }, metrics: ['test_count', 'bug_count'] }, /^Nothing was counted\. product and test_status must/],
  ])('by %s says so', async (_, args, hint) => {
    expect(await account.ask('query_metrics', { metrics: ['bug_count'], ...args })).toMatchObject({ hint: expect.stringMatching(hint) })
  })

  it.each<readonly [string, Json]>([
    ['by values that are all known', { filters: { severity: 'critical', known: true }, from: '1990' , to: '1990' }],
    ['by an exclusion', { filters: { platform: { not: ['iOS'] } }, from: '1990', to: '1990' }],
    ['by a word that is there', { filters: { platform: 'iOS' } }],
  ])('%s says nothing of words', async (_, args) => {
    expect(await account.ask('query_metrics', { metrics: ['bug_count'], ...args })).not.toHaveProperty('hint')
  })
})

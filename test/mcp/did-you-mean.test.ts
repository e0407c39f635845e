/** What a model sees that is nearly right, over a real copy: enough to be right the next time. */
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tidemark } from '../../src/tidemark.ts'
import { askedAccount } from './account.ts'
import { call, failingCall } from './connect.ts'

let tidemark: Tidemark
let client: Client
beforeAll(async () => {
  ({ client, tidemark } = await askedAccount())
})
afterAll(() => tidemark.close())

describe('a question that is nearly right', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['query_metrics', { metrics: ['bugs_count'] }, /Did you mean "bug_count"/],
    ['query_metrics', { metrics: ['bug_count'], dimensions: ['severty'] }, /Did you mean "severity"/],
    ['query_metrics', { metrics: ['bug_count'], filters: { severty: 'high' } }, /Did you mean "?severity/],
    ['query_metrics', { metrics: ['bug_count'], filters: { severity: 'hihg' } }, /Did you mean "?high|low, high, critical/],
    ['query_metrics', { metrics: ['bug_count'], dimensions: ['severity'], sort_by: 'bug_cuont' }, /Did you mean "?bug_count/],
    ['list_bugs', { severities: ['critcal'] }, /Did you mean "critical"/],
    ['list_bugs', { outcomes: ['forwarded'] }, /one of open, accepted, auto_accepted, rejected, other/],
    ['list_bugs', { product_id: 1 }, /Did you mean "product_ids"/],
    ['list_users', { role: 'testers' }, /Did you mean "tester"/],
    ['list_tests', { sort_by: 'end' }, /Did you mean "end_at"/],
    ['search', { query: 'x', entities: ['bugs'] }, /Did you mean "bug"/],
    ['generate_quality_report', { product_ids: [1], format: 'markdwon' }, /Did you mean "markdown"/],
  ])('%s %j is told the word that was meant', async (tool, args, expected) => {
    expect((await failingCall(client, tool, args)).join('\n')).toMatch(expected)
  })

  it.each(['list_tests', 'list_bugs', 'query_metrics', 'search'])('%s with a time that it does not know is told forms that it does', async (tool) => {
    const args = tool === 'query_metrics' ? { metrics: ['bug_count'] } : tool === 'search' ? { query: 'x' } : {}
    const lines = await failingCall(client, tool, { ...args, from: 'a while ago' })
    expect(lines).toHaveLength(3)
    expect(lines[2]).toMatch(/30 days ago|last month|Q3 2025/)
  })

  it.each(['product', 'test', 'bug', 'feature', 'user'])('a summary of a %s that does not exist names the list of those that do', async (kind) => {
    const lines = await failingCall(client, `get_${kind}_summary`, { [`${kind}_id`]: 999_999_999 })
    expect(lines[2]).toContain(`list_${kind}s`)
  })

  it('with a status that no test has is told which there are, and the nearest', async () => {
    const answer = await call(client, 'list_tests', { statuses: ['archive'] })
    expect(answer).toMatchObject({ total: 0 })
    expect(answer['hint']).toMatch(/Did you mean archived\?$/)
    // A word that finds something, or is known, is no mistake.
    expect((await call(client, 'list_tests', { statuses: ['cancelled'], from: '1999', to: '1999' }))['hint']).not.toMatch(/Did you mean/)
  })
})

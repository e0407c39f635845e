import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import { engines } from '../support/engines.ts'
import { testNow } from '../support/simulated-account.ts'
import { facts, openAccount, type AnalyticsAccount } from './account.ts'
import { question } from './questions.ts'
import { referee, type Question } from './referee.ts'

/** How many questions each engine is asked. */
const questions = Number(process.env['TIDEMARK_QUESTIONS'] ?? 60)

const asked = (it: Question): AnalyticsQuestion => it as AnalyticsQuestion

describe.each(engines.filter((engine) => ['sqljs memory', 'pglite memory', 'postgres'].includes(engine.name)))('analytics on $name', (engine) => {
  let account: AnalyticsAccount
  beforeAll(async () => {
    account = await openAccount(engine)
  })
  afterAll(() => account.tidemark.close())

  it('agree with the referee, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(question, async (it) => {
        const expected = referee(facts, it, testNow)
        const answer = await account.analytics.query({ ...asked(it), limit: 1000 })
        expect(answer.totals).toEqual(expected.totals)
        expect(answer.totalRows).toBe(expected.rows.length)
        expect(answer.rows.map((row) => withoutPeople({ ...row }))).toEqual(expected.rows.slice(0, 1000).map((row) => ({ ...row.dimensions, ...row.figures })))
      }),
      { numRuns: questions },
    )
  })
})

/** Ids of people are of the copy alone. */
function withoutPeople({ tester_id: _tester, created_by_id: _creator, ...row }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return row
}

/** The derivations of contracts section 1 and the rates of section 2, word by word. */
import { describe, expect, test } from 'vitest'
import { bugKind } from '../../src/model/bug-kind.ts'
import { bugOutcome, bugOutcomes } from '../../src/model/bug-outcome.ts'
import { bugRates, ratio } from '../../src/model/bug-rates.ts'
import { bugSeverities, bugSeverity, severityRank, severityScore } from '../../src/model/bug-severity.ts'
import { executedStatuses, isFinalStatus } from '../../src/model/test-status.ts'

describe('the outcome of a bug', () => {
  test.each([
    ['forwarded', null, 'open'],
    ['forwarded', true, 'open'],
    ['accepted', false, 'accepted'],
    ['accepted', null, 'accepted'],
    ['accepted', true, 'auto_accepted'],
    ['rejected', false, 'rejected'],
    ['rejected', true, 'rejected'],
    ['submitted', null, 'other'],
    ['manager_approved', true, 'other'],
    ['question', null, 'other'],
    ['open', null, 'other'],
    [null, true, 'other'],
  ] as const)('of status %s and flag %s is %s', (status, autoAccepted, outcome) => {
    expect(bugOutcome(status, autoAccepted)).toBe(outcome)
    expect(bugOutcomes).toContain(outcome)
  })
})

describe('the upstream severity word', () => {
  test.each([
    ['critical', 'functional', 'critical', 3, 5],
    ['high', 'functional', 'high', 2, 3],
    ['low', 'functional', 'low', 1, 1],
    ['visual', 'visual', null, 0, 1],
    ['content', 'content', null, 0, 1],
    ['custom', 'custom', null, 0, 1],
    ['spelling', 'spelling', null, 0, 1],
    ['medium', 'medium', null, 0, 1],
    ['', 'unknown', null, 0, 1],
    [null, 'unknown', null, 0, 1],
  ] as const)('%s is kind %s, severity %s, rank %s, score %s', (word, kind, severity, rank, score) => {
    expect(bugKind(word)).toBe(kind)
    expect(bugSeverity(word)).toBe(severity)
    expect(severityRank(severity)).toBe(rank)
    expect(severityScore(severity)).toBe(score)
  })

  test('has the severities from least to most', () => expect(bugSeverities).toEqual(['low', 'high', 'critical']))
})

describe('the status of a test', () => {
  test('executed are exactly the four of the contract', () => {
    expect(executedStatuses.toSorted()).toEqual(['archived', 'customer_finalized', 'locked', 'running'])
  })

  test.each([
    ['archived', true], ['cancelled', true], ['locked', false], ['running', false], ['customer_finalized', false],
    ['initialized', false], ['waiting', false], ['completed', false],
  ])('%s final: %s', (status, final) => expect(isFinalStatus(status)).toBe(final))
})

describe('the rates', () => {
  test('are the formulas of the contract, unrounded', () => {
    const counts = { total: 24, open: 3, accepted: 7, autoAccepted: 4, rejected: 5, other: 5 }
    expect(bugRates(counts)).toEqual({
      overallAcceptanceRate: 11 / 24,
      activeAcceptanceRate: 7 / 24,
      autoAcceptanceRate: 4 / 11,
      rejectionRate: 5 / 24,
      reviewRate: 12 / 24,
    })
  })

  test('are null, not 0, when the divisor is 0', () => {
    expect(bugRates({ total: 0, open: 0, accepted: 0, autoAccepted: 0, rejected: 0, other: 0 })).toEqual({
      overallAcceptanceRate: null,
      activeAcceptanceRate: null,
      autoAcceptanceRate: null,
      rejectionRate: null,
      reviewRate: null,
    })
    expect(bugRates({ total: 2, open: 0, accepted: 0, autoAccepted: 0, rejected: 2, other: 0 })).toMatchObject({ autoAcceptanceRate: null, overallAcceptanceRate: 0, rejectionRate: 1 })
    expect(ratio(0, 0)).toBeNull()
    expect(ratio(0, 3)).toBe(0)
  })
})

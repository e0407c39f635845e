import { describe, expect, test } from 'vitest'
import { rejectionReason } from '../../src/model/rejection-reason.ts'

const reasons = [
  { key: 'known_bug', defaultComment: 'We know this one already.' },
  { key: 'not_reproducible', defaultComment: 'We could not make this happen.' },
  { key: 'intended_behavior', defaultComment: 'Rejected - The behaviour described here is intentional' },
  { key: 'irrelevant', defaultComment: 'not relevant' },
  { key: 'device_not_relevant', defaultComment: 'The device is not relevant' },
  { key: 'blank', defaultComment: ' \n ' },
]

describe('the reason of a rejection', () => {
  test.each([
    ['the default comment', ['We know this one already.'], 'known_bug'],
    ['another case', ['WE KNOW THIS ONE ALREADY.'], 'known_bug'],
    ['other white space', ['We know\n  this\u00A0one\talready.'], 'known_bug'],
    ['a leading "Rejected - "', ['Rejected - We could not make this happen.'], 'not_reproducible'],
    ['a leading "rejected -" without its blank', ['rejected -We could not make this happen.'], 'not_reproducible'],
    ['text around it', ['Hello, thanks! We could not make this happen. Please try the new build.'], 'not_reproducible'],
    ['a default comment that itself begins with "Rejected - "', ['The behaviour described here is intentional, see the manual'], 'intended_behavior'],
    ['a later comment', ['Can you look again?', 'Rejected - We know this one already.'], 'known_bug'],
    ['a text that holds the text of another reason', ['The device is not relevant'], 'device_not_relevant'],
    ['the shorter text alone', ['This is not relevant and will not be fixed'], 'irrelevant'],
  ])('is found by %s', (_, comments, key) => {
    expect(rejectionReason('rejected', comments, reasons)).toBe(key)
    expect(rejectionReason('rejected', comments.toReversed(), reasons.toReversed())).toBe(key)
  })

  test.each([
    ['free text', ['No, sorry']],
    ['no comment', []],
    ['a part of a default comment', ['We know this one']],
    ['the time-out of the platform, which is not in the list of the account', ['Rejected automatically: the tester did not answer.']],
  ])('is other for %s', (_, comments) => expect(rejectionReason('rejected', comments, reasons)).toBe('other'))

  test('is other when the account has no reasons', () => expect(rejectionReason('rejected', ['We know this one already.'], [])).toBe('other'))

  test.each(['open', 'accepted', 'auto_accepted', 'other'] as const)('is null for a bug that is %s', (outcome) => {
    expect(rejectionReason(outcome, ['We know this one already.'], reasons)).toBeNull()
  })

  test('of two equally long texts is the first key', () => {
    const pair = [{ key: 'b', defaultComment: 'Yes' }, { key: 'a', defaultComment: 'Not' }]
    expect(rejectionReason('rejected', ['yes and not'], pair)).toBe('a')
    expect(rejectionReason('rejected', ['yes and not'], pair.toReversed())).toBe('a')
  })
})

/** The reason of a rejection can be read from the comments only; here by the words of the contract, in the plainest way. */
import { describe, expect, it } from 'vitest'
import { account, read } from './api.ts'

const demo = account()
const reasons = demo.truth.rejectReasons
const squeeze = (text: string) => text.toLowerCase().replaceAll(/\s/g, '')
const rejected = demo.truth.bugs.filter((bug) => bug.outcome === 'rejected')

describe('rejection reasons', () => {
  it('are the six of the API', async () => {
    const { reject_reasons } = await read(demo, 'bugs/reject_reasons')
    expect(reject_reasons.map((reason: { key: string }) => reason.key)).toEqual(['device_not_relevant', 'ignored_instructions', 'intended_behavior', 'irrelevant', 'known_bug', 'not_reproducible'])
    expect(reject_reasons.every((reason: object) => Object.keys(reason).join() === 'key,name,default_comment')).toBe(true)
  })

  it('stand in a comment of the bug, and only there; without one the reason is "other"', () => {
    for (const bug of rejected) {
      const said = bug.comments.map((comment) => squeeze(comment.body))
      const found = reasons.filter((reason) => said.some((body) => body.includes(squeeze(reason.defaultComment))))
      expect(found.map((reason) => reason.key)).toEqual(bug.rejectionReason === 'other' ? [] : [bug.rejectionReason])
    }
  })

  it('come word for word, with a prefix, in other letters, with other white space, and inside other text', () => {
    const bodies = rejected.flatMap((bug) => bug.comments.map((comment) => comment.body))
    const has = (test: (body: string, text: string) => boolean) => bodies.some((body) => reasons.some((reason) => test(body, reason.defaultComment)))
    expect(has((body, text) => body === text)).toBe(true)
    expect(has((body, text) => body === `Rejected - ${text}`)).toBe(true)
    expect(has((body, text) => body === text.toUpperCase())).toBe(true)
    expect(has((body, text) => body !== text && body.trim() !== text && body.replaceAll(/\s+/g, ' ').trim() === text)).toBe(true)
    expect(has((body, text) => body.includes(text) && !body.startsWith(text) && !body.startsWith('Rejected'))).toBe(true)
  })

  it('are other for comments by hand, for the platform\'s own rejections, and for silence', () => {
    const others = rejected.filter((bug) => bug.rejectionReason === 'other')
    expect(others.some((bug) => bug.comments.some((comment) => comment.body.includes('rejected automatically')))).toBe(true)
    expect(others.some((bug) => bug.comments.length === 0)).toBe(true)
    expect(others.some((bug) => bug.comments.length > 0 && !bug.comments.some((comment) => comment.body.includes('automatically')))).toBe(true)
  })

  it('are talked about under bugs that were not rejected, which means nothing', () => {
    const others = demo.truth.bugs.filter((bug) => bug.outcome !== 'rejected')
    expect(others.some((bug) => bug.comments.some((comment) => reasons.some((reason) => comment.body === reason.defaultComment)))).toBe(true)
  })
})

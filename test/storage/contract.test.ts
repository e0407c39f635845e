import { describe, expect, it } from 'vitest'
import { storageLawCases, storageLaws } from '../../src/storage/laws.ts'
import { engines } from '../support/engines.ts'

describe.each(engines)('a storage on $name', ({ place }) => {
  for (const { name, run } of storageLawCases({ place })) {
    it(name, async (context) => {
      const { skipped } = await run()
      if (skipped !== undefined) context.skip(skipped)
    })
  }
})

describe('the laws', () => {
  const place = async () => Promise.reject(new Error('never opened'))

  it('have names of their own', () => {
    expect(new Set(storageLaws.map(({ name }) => name)).size).toBe(storageLaws.length)
  })

  it('accept a gap with a reason, and skip it', async () => {
    const name = 'dates are text'
    const found = storageLawCases({ place, gaps: { [name]: 'has no dates' } }).find((candidate) => candidate.name === name)
    expect(await found?.run()).toEqual({ skipped: 'has no dates' })
  })

  it('refuse a gap that names no law', () => {
    expect(() => storageLawCases({ place, gaps: { 'rows are nice': 'no idea' } })).toThrow(RangeError)
  })

  it('refuse a gap without a reason', () => {
    expect(() => storageLawCases({ place, gaps: { 'dates are text': ' ' } })).toThrow(RangeError)
  })

  it.each(storageLaws.filter(({ essential }) => essential))('refuse to leave out "$name"', ({ name }) => {
    expect(() => storageLawCases({ place, gaps: { [name]: 'too hard' } })).toThrow(RangeError)
  })
})

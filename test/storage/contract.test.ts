import { describe, expect, it } from 'vitest'
import { storageLawCases, storageLaws } from '../../src/storage/laws.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed, engines } from '../support/engines.ts'

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

  it('close every storage that was opened, also behind one that fails to close, and tell of the first failure', async () => {
    const { open } = await engineNamed('sqljs file').place()
    let opened = 0
    const closed: number[] = []
    const failing = async (): Promise<Storage> => {
      const storage = await open()
      const number = (opened += 1)
      const value = async (): Promise<void> => {
        await storage.close()
        closed.push(number)
        throw new Error(`storage ${number} failed to close`)
      }
      return Object.defineProperty(storage, Symbol.asyncDispose, { value })
    }
    const ofTwo = storageLawCases({ place: async () => ({ open: failing }) }).find(({ name }) => name.startsWith('two storages on one database'))
    await expect(ofTwo?.run()).rejects.toThrow('storage 2 failed to close')
    expect(closed).toEqual([2, 1])
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

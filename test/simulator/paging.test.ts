import { describe, expect, it } from 'vitest'
import { account, allTests, read, type Json } from './api.ts'

const seed = account({ scale: 'seed' })
const big = seed.truth.products[0]!.id
const mine = seed.truth.tests.filter((test) => test.productId === big)
const list = async (query: string): Promise<Json[]> => (await read(seed, `products/${big}/exploratory_tests${query}`)).exploratory_tests

describe('the list of tests', () => {
  it.each([25, 7, 1])('gives every test exactly once when walked %i by %i', async (perPage) => {
    const demo = account()
    const ids = (await allTests(demo, perPage)).map((test) => test.id)
    expect(ids).toHaveLength(60)
    expect(new Set(ids)).toEqual(new Set(demo.truth.tests.map((test) => test.id)))
  })

  it('has 25 tests a page, 1-based, and ends with an empty page', async () => {
    expect(await list('?page=1')).toHaveLength(25)
    const last = Math.ceil(mine.length / 25)
    expect(await list(`?page=${last}`)).toHaveLength(mine.length - (last - 1) * 25)
    expect(await list(`?page=${last + 1}`)).toEqual([])
    expect(await list('?page=100000')).toEqual([])
  })

  it('without a page is the last 150 tests, whatever per_page says', async () => {
    expect(mine.length).toBeGreaterThan(150)
    const last = await list('')
    expect(last).toHaveLength(150)
    expect(await list('?per_page=10')).toEqual(last)
    expect(await list('?page=1&per_page=150')).toEqual(last)
  })

  it('stands in the order of end_at, newest first, tests without one before all others; ids and starts are not in order', async () => {
    const rows = await list(`?page=1&per_page=${mine.length}`)
    const ends = rows.map((row) => (row.end_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.end_at)))
    expect(ends.every((end, index) => index === 0 || end <= ends[index - 1]!)).toBe(true)
    expect(ends[0]).toBe(Number.POSITIVE_INFINITY)
    const descends = (values: number[]) => values.every((value, index) => index === 0 || value <= values[index - 1]!)
    expect(descends(rows.map((row) => row.id))).toBe(false)
    expect(descends(rows.flatMap((row) => (row.start_at === null ? [] : [Date.parse(row.start_at)])))).toBe(false)
  })

  it('reads nonsense as the default', async () => {
    const first = await list('?page=1')
    for (const query of ['?page=0', '?page=-3', '?page=x', '?page=1&per_page=0', '?page=1&per_page=x']) expect(await list(query)).toEqual(first)
  })
})

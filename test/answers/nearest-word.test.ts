import { describe, expect, it } from 'vitest'
import { nearestWord } from '../../src/answers/nearest-word.ts'

const names = ['product_ids', 'statuses', 'testing_types', 'from', 'to', 'search', 'limit', 'offset', 'sort_by', 'sort_order']

describe('the nearest word', () => {
  it.each([
    ['product_id', 'product_ids'],
    ['status', 'statuses'],
    ['STATUSES', 'statuses'],
    ['limt', 'limit'],
    ['serach', 'search'],
    ['sortby', 'sort_by'],
    ['order', 'sort_order'],
    ['form', 'from'],
  ])('for %s is %s', (asked, meant) => {
    expect(nearestWord(asked, names)).toBe(meant)
  })

  it.each([['qwertz'], ['customer'], [''], ['x']])('is none for %j, which resembles nothing', (asked) => {
    expect(nearestWord(asked, names)).toBeUndefined()
  })

  it('is looked for at once, however long the text is that somebody sent', () => {
    const started = performance.now()
    expect(nearestWord('q'.repeat(1 << 20), names)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(250)
  })

  it('is the first of several that are as near', () => {
    expect(nearestWord('ac', ['ab', 'ad'])).toBe('ab')
  })
})

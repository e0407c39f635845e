import { describe, expect, it } from 'vitest'
import { firstKeyword } from '../../src/storage/first-keyword.ts'

describe('the first keyword', () => {
  it.each([
    ['select 1', 'select'],
    ['  BEGIN', 'begin'],
    ['-- commit\n rollback', 'rollback'],
    ['/* a */ /* b */;; Commit', 'commit'],
    ['(select 1)', '('],
    ['', ''],
    [' ; -- nothing', ''],
    ['/* nothing */', ''],
  ])('of %j is %j', (sql, keyword) => {
    expect(firstKeyword(sql)).toBe(keyword)
  })

  it('is found at once behind many blanks', () => {
    const started = performance.now()
    expect(firstKeyword(`${' '.repeat(100_000)}!`)).toBe('!')
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

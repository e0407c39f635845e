import { describe, expect, it } from 'vitest'
import { firstKeyword } from '../../src/storage/first-keyword.ts'
import { processorMsOf } from '../support/processor-time.ts'

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

  it('is found at once behind many blanks', async () => {
    let found = ''
    expect(await processorMsOf(() => { found = firstKeyword(`${' '.repeat(100_000)}!`) })).toBeLessThan(1_000)
    expect(found).toBe('!')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toSnakeCase } from '../../src/answers/snake-case.ts'

describe('toSnakeCase', () => {
  it.each([
    ['testsLast30Days', 'tests_last_30_days'],
    ['testsLast90Days', 'tests_last_90_days'],
    ['successRate24h', 'success_rate_24h'],
    ['lastTestEndAt', 'last_test_end_at'],
    ['productId', 'product_id'],
    ['asOf', 'as_of'],
    ['baseURLOfApi', 'base_url_of_api'],
    ['id', 'id'],
    ['as_of', 'as_of'],
    ['sha256', 'sha256'],
    ['autoAccepted', 'auto_accepted'],
    ['Windows 10', 'Windows 10'],
    ['auto-generated Key', 'auto-generated Key'],
    ['', ''],
  ])('writes the key %j as %j', (key, expected) => {
    expect(toSnakeCase({ [key]: 1 })).toEqual({ [expected]: 1 })
  })

  it('reaches into arrays and objects and leaves every value alone', () => {
    const when = new Date(0)
    const bytes = new Uint8Array([1])
    expect(toSnakeCase({ hasMore: false, items: [{ endAt: null, title: 'endAt' }], asOf: when, rawBytes: bytes, filters: { test_status: ['customerFinalized'] } })).toEqual({
      has_more: false,
      items: [{ end_at: null, title: 'endAt' }],
      as_of: when,
      raw_bytes: bytes,
      filters: { test_status: ['customerFinalized'] },
    })
  })

  it('does not change its input', () => {
    const input = Object.freeze({ endAt: Object.freeze([Object.freeze({ startAt: 1 })]) })
    expect(toSnakeCase(input)).toEqual({ end_at: [{ start_at: 1 }] })
    expect(input).toEqual({ endAt: [{ startAt: 1 }] })
  })

  it('keeps a key that JSON can hold but an object literal cannot', () => {
    const input: unknown = JSON.parse('{"__proto__": {"endAt": 1}}')
    expect(JSON.stringify(toSnakeCase(input))).toBe('{"__proto__":{"end_at":1}}')
  })

  it('changes nothing when it runs twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = toSnakeCase(value)
        expect(toSnakeCase(once)).toEqual(once)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { createRateLimit } from '../../../adapters/mcp/http/rate-limit.ts'

describe('a bucket', () => {
  it('fills evenly, and never above a minute', () => {
    let now = 0
    const limit = createRateLimit(60, () => now)
    const allowed = (tries: number): number => Array.from({ length: tries }, () => limit('a')).filter((refusal) => refusal === undefined).length
    expect(allowed(100)).toBe(60)
    now += 10_000
    expect(allowed(100)).toBe(10)
    now += 3_600_000
    expect(allowed(100)).toBe(60)
    expect(limit('a')?.headers.get('retry-after')).toBe('1')
  })

  it('is not filled by a clock that goes back', () => {
    let now = 1_000_000
    const limit = createRateLimit(1, () => now)
    limit('a')
    now = 0
    expect(limit('a')?.status).toBe(429)
  })
})

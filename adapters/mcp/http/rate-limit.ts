/**
 * How many requests a client may make: a bucket for each address that holds a minute's worth and fills evenly. Counted before the
 * token is looked at, so that guessing one is limited, too. Clients behind one proxy share a bucket.
 */
import { refused } from './refused.ts'

export type RateLimit = (client: string) => Response | undefined

interface Bucket {
  tokens: number
  at: number
}

/** Addresses that are remembered; the one that was silent longest is forgotten first. */
const maxClients = 10_000

/**
 * @param perMinute at least 1
 * @param now milliseconds
 */
export function createRateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  const buckets = new Map<string, Bucket>()
  return (client) => {
    const time = now()
    const bucket = buckets.get(client) ?? { tokens: perMinute, at: time }
    buckets.delete(client)
    buckets.set(client, bucket)
    bucket.tokens = Math.min(perMinute, bucket.tokens + (Math.max(0, time - bucket.at) / 60_000) * perMinute)
    bucket.at = time
    if (bucket.tokens < 1) {
      const seconds = Math.ceil(((1 - bucket.tokens) / perMinute) * 60)
      return refused(429, `Too many requests: ${perMinute} a minute are allowed`, { 'Retry-After': String(seconds) })
    }
    bucket.tokens -= 1
    if (buckets.size > maxClients) for (const oldest of buckets.keys()) { buckets.delete(oldest); break }
    return undefined
  }
}

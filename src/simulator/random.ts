/**
 * Seeded chance. Every subject (a product, the texts of one bug) has a stream of its own, named by a path, so a draw more
 * in one place changes nothing elsewhere, and a text can be made again at any time from the seed and the id.
 * Only exact arithmetic is used: the same seed gives the same bytes in every runtime.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  /** True with the probability `share`, 0–1. */
  chance(share: number): boolean
  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T
  /** Up to `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[]
  /** One key of a table of weights. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K
}

/** The stream of one subject. */
export function randomFor(seed: number, ...path: readonly (string | number)[]): Random {
  const generator = xoroshiro128plus(hash(seed, path))
  const unit = () => (generator.next() >>> 0) / 0x1_0000_0000
  const int = (min: number, max: number) => min + Math.floor(unit() * (max - min + 1))
  const pick = <T>(items: readonly T[]): T => itemAt(items, int(0, items.length - 1))
  return {
    int,
    pick,
    chance: (share) => unit() < share,
    sample(items, count) {
      const rest = [...items]
      const taken = Math.min(count, rest.length)
      for (let i = 0; i < taken; i++) {
        const j = int(i, rest.length - 1)
        const item = itemAt(rest, j)
        rest[j] = itemAt(rest, i)
        rest[i] = item
      }
      return rest.slice(0, taken)
    },
    weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const entries = Object.entries(weights) as [K, number][]
      let left = unit() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      return itemAt(entries, entries.length - 1)[0]
    },
  }
}

/** Draws indexes in proportion to weights; made once, used often. */
export function indexPicker(weights: readonly number[]): (random: Random) => number {
  let total = 0
  const ends = weights.map((weight) => (total += Math.round(weight * 10_000)))
  return (random) => {
    const mark = random.int(1, total)
    let low = 0
    let high = ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (itemAt(ends, middle) >= mark) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Splits a total into whole parts in proportion to weights; the largest remainders get what is left over. */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const parts = weights.map((weight, index) => {
    const exact = (total * weight) / sum
    return { index, count: Math.floor(exact), remainder: exact - Math.floor(exact) }
  })
  let left = total - parts.reduce((a, part) => a + part.count, 0)
  for (const part of [...parts].sort((a, b) => b.remainder - a.remainder || a.index - b.index)) {
    if (left-- <= 0) break
    part.count += 1
  }
  return parts.map((part) => part.count)
}

/** The item at an index that is known to exist; cyclic, so any whole number ≥ 0 will do. */
export function itemAt<T>(items: readonly T[], index: number): T {
  if (items.length === 0) throw new RangeError('Cannot take an item of an empty list')
  return items[index % items.length] as T
}

/** FNV-1a over the path, then a finaliser, so that neighbouring ids give unrelated streams. */
function hash(seed: number, path: readonly (string | number)[]): number {
  let h = 0x811c9dc5 ^ seed
  for (const part of path) {
    const text = String(part)
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ 0x2f, 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}

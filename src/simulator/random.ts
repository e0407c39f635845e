/**
 * Seeded chance. Every subject (a product, the texts of one bug) has a stream of its own, named by a path, so a draw more
 * in one place changes nothing elsewhere, and a text can be made again at any time from the seed and the id.
 * Only exact arithmetic is used: the same seed gives the same bytes in every runtime.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

export class Random {
  readonly #generator: RandomGenerator

  constructor(generator: RandomGenerator) {
    this.#generator = generator
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.#unit() * (max - min + 1))
  }

  /** True with the probability `share`, 0–1. */
  chance(share: number): boolean {
    return this.#unit() < share
  }

  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T {
    return itemAt(items, this.int(0, items.length - 1))
  }

  /** Up to `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items]
    const taken = Math.min(count, rest.length)
    for (let i = 0; i < taken; i++) {
      const j = this.int(i, rest.length - 1)
      const item = itemAt(rest, j)
      rest[j] = itemAt(rest, i)
      rest[i] = item
    }
    return rest.slice(0, taken)
  }

  /** One key of a table of weights. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    let total = 0
    for (const key in weights) total += weights[key]
    let left = this.#unit() * total
    let last: K | undefined
    for (const key in weights) {
      if (weights[key] <= 0) continue
      last = key
      left -= weights[key]
      if (left < 0) break
    }
    if (last === undefined) throw new RangeError('Cannot draw from weights that are all 0')
    return last
  }

  #unit(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000
  }
}

/** The stream of one subject. */
export function randomFor(seed: number, ...path: readonly (string | number)[]): Random {
  return new Random(xoroshiro128plus(hash(seed, path)))
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

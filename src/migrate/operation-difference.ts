/**
 * How two lists of described operations differ, in words. Operations are told apart by what they say of themselves; those
 * that are equal on both sides are not mentioned.
 */
import { isObject } from '../is-object.ts'
import type { JsonObject, JsonValue } from '../storage/storage.ts'
import { canonicalJson, summarizeDescription } from './checksum.ts'

/** One line for each operation that is another one, is new or is gone; none when the lists are equal. */
export function differencesOf(before: readonly JsonObject[], now: readonly JsonObject[]): string[] {
  const lines: string[] = []
  for (const [was, is] of aligned(numbered(before), numbered(now))) {
    if (was === undefined) lines.push(`operation ${is?.number}: ${is?.title} is new`)
    else if (is === undefined) lines.push(`operation ${was.number} was ${was.title}, which is gone`)
    else lines.push(`operation ${is.number}: ${is.title}: ${is.title === was.title ? parts(was.description, is.description).join('; ') : `was ${was.title}`}`)
  }
  return lines
}

interface Numbered {
  readonly number: number
  readonly title: string
  readonly text: string
  readonly description: JsonObject
}

type Pair = readonly [Numbered | undefined, Numbered | undefined]

function numbered(descriptions: readonly JsonObject[]): Numbered[] {
  return descriptions.map((description, index) => ({ number: index + 1, title: summarizeDescription(description), text: canonicalJson(description), description }))
}

/** Those that are not equal: those of one title face each other, then those in the same place. */
function aligned(before: readonly Numbered[], now: readonly Numbered[]): Pair[] {
  const equal = longestCommon(before, now)
  const pairs: Pair[] = []
  let [b, n] = [0, 0]
  for (const [nextB, nextN] of [...equal, [before.length, now.length] as const]) {
    pairs.push(...facing(before.slice(b, nextB), now.slice(n, nextN)))
    ;[b, n] = [nextB + 1, nextN + 1]
  }
  return pairs
}

function facing(before: readonly Numbered[], now: readonly Numbered[]): Pair[] {
  const left = [...before]
  const pairs = now.map((is): [Numbered | undefined, Numbered] => {
    const found = left.findIndex(({ title }) => title === is.title)
    return [found < 0 ? undefined : left.splice(found, 1)[0], is]
  })
  const replaced = before.length === now.length
  const all = replaced ? pairs.map(([was, is]): Pair => [was ?? left.shift(), is]) : pairs
  return [...all, ...left.map((was): Pair => [was, undefined])]
}

/** The places of operations that are the same on both sides, in order. */
function longestCommon(before: readonly Numbered[], now: readonly Numbered[]): (readonly [number, number])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from({ length: now.length + 1 }, () => 0))
  const at = (b: number, n: number): number => lengths[b]?.[n] ?? 0
  for (let b = before.length - 1; b >= 0; b -= 1) {
    for (let n = now.length - 1; n >= 0; n -= 1) {
      const row = lengths[b]
      if (row !== undefined) row[n] = before[b]?.text === now[n]?.text ? at(b + 1, n + 1) + 1 : Math.max(at(b + 1, n), at(b, n + 1))
    }
  }
  const places: (readonly [number, number])[] = []
  for (let [b, n] = [0, 0]; b < before.length && n < now.length; ) {
    if (before[b]?.text === now[n]?.text) places.push([b++, n++])
    else if (at(b + 1, n) >= at(b, n + 1)) b += 1
    else n += 1
  }
  return places
}

/** What of an operation is different. Its outermost object (`index`, `table`, …) is the operation itself, and not named. */
function parts(before: JsonObject, now: JsonObject): string[] {
  if (now['kind'] === 'batch') return differencesOf(objectsIn(before['operations']), objectsIn(now['operations']))
  return keysOf(before, now).flatMap((key) => [...changes(isObject(before[key]) && isObject(now[key]) ? [] : [wordFor(key)], before[key], now[key])])
}

function* changes(path: readonly string[], before: JsonValue | undefined, now: JsonValue | undefined): Generator<string> {
  if (canonicalJson(before) === canonicalJson(now)) return
  if (isObject(before) && isObject(now)) {
    for (const key of keysOf(before, now)) yield* changes([...path, wordFor(key)], before[key], now[key])
    return
  }
  const [was, is] = [namedItems(before), namedItems(now)]
  if (was !== undefined && is !== undefined) {
    const kind = path.at(-1) ?? ''
    for (const name of new Set([...was.keys(), ...is.keys()])) yield* changes([...path.slice(0, -1), `${singular(kind)} "${name}"`], was.get(name), is.get(name))
    if (canonicalJson([...was.keys()]) !== canonicalJson([...is.keys()]) && was.size === is.size) yield `${path.join(' ')} in another order`
    return
  }
  const what = path.join(' ')
  // Values are kept as a hash.
  if (what === 'parameters' || what === 'content') yield `other ${what === 'content' ? 'rows' : what}`
  else if (before === undefined) yield isObject(now) ? `${what} is new` : `${what} ${shown(now)} is new`
  else if (now === undefined) yield isObject(before) ? `${what} is gone` : `${what} ${shown(before)} is gone`
  else yield `${what} ${shown(now)} was ${shown(before)}`
}

/** Columns, indexes and the like by name; undefined for any other value. */
function namedItems(value: JsonValue | undefined): Map<string, JsonObject> | undefined {
  if (!Array.isArray(value)) return undefined
  const items = value.flatMap((item: JsonValue): (readonly [string, JsonObject])[] => (isObject(item) && typeof item['name'] === 'string' ? [[item['name'], item]] : []))
  const byName = new Map(items)
  return byName.size === value.length ? byName : undefined
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((item: JsonValue) => isObject(item)) : []
}

function keysOf(before: JsonObject, now: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted()
}

/** `foreignKeys` as `foreign keys`. */
function wordFor(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function singular(kind: string): string {
  return kind.replace(/(?<=x)es$|s$/, '')
}

function shown(value: JsonValue | undefined): string {
  const text = JSON.stringify(value)
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}

/**
 * Records keyed by the words of a question. They are data, so they keep their spelling on every surface; in code each can be
 * read in camelCase too, as everything of the library. That second spelling is not enumerated: whoever prints, compares or
 * converts a record meets each value once.
 */

export function wordRecord<Value>(entries: Iterable<readonly [string, Value]>): Readonly<Record<string, Value>> {
  const record = Object.fromEntries(entries)
  for (const [word, value] of Object.entries(record)) {
    const camel = word.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
    if (camel !== word) Object.defineProperty(record, camel, { value, enumerable: false })
  }
  return record
}

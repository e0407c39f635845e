/** Records of a complete answer that could not be read: what they are called in quarantine, and what they forbid to conclude. */
import type { MalformedRecord, WireList } from '../testio/envelope.ts'
import type { Unreadable } from './quarantine.ts'

/** @param list tells lists apart that share a quarantine, for records without an id */
export function malformedRecords(malformed: readonly MalformedRecord[], list = ''): readonly Unreadable[] {
  let nameless = 0
  return malformed.map(({ id, reason }) => ({
    key: id === null ? `nameless:${list}${(nameless += 1)}` : `id:${id}`,
    entityId: id,
    code: 'api_malformed' as const,
    reason,
  }))
}

/** Those of the ids that a complete list does not have any more. None when it has a record whose id cannot be read: any may be that one. */
export function mayHaveLost(list: WireList<{ readonly id: number }>, ids: readonly number[]): readonly number[] {
  if (list.malformed.some((record) => record.id === null)) return []
  const there = new Set([...list.records, ...list.malformed].map((record) => record.id))
  return ids.filter((id) => !there.has(id))
}

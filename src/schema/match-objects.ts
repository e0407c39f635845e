/**
 * Pairs the constraints of a table before and after, one to one. Names do not count: SQLite lets constraints have none,
 * and other programs name them otherwise. Among equals, one of the same name is taken first.
 */
export interface Named {
  readonly name?: string | undefined
}

export interface Matched<T> {
  readonly pairs: readonly (readonly [T, T])[]
  readonly dropped: readonly T[]
  readonly added: readonly T[]
}

/** @param signature what makes two objects equal */
export function matchObjects<T extends Named>(from: readonly T[], to: readonly T[], signature: (object: T, side: 'from' | 'to') => string): Matched<T> {
  const pairs: (readonly [T, T])[] = []
  let dropped = from
  let added = to
  for (const sameName of [true, false]) {
    for (const before of dropped) {
      const after = added.find((candidate) => (!sameName || candidate.name === before.name) && signature(candidate, 'to') === signature(before, 'from'))
      if (after === undefined) continue
      pairs.push([before, after])
      dropped = dropped.filter((object) => object !== before)
      added = added.filter((object) => object !== after)
    }
  }
  return { pairs, dropped, added }
}

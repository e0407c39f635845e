/** Query strings in the two styles of the API: comma-joined texts and Rails arrays. */

/** The ids under any of the names, comma-joined or repeated; null when none of the names was sent. */
export function idsOf(query: URLSearchParams, ...names: readonly string[]): ReadonlySet<number> | null {
  const values = names.flatMap((name) => query.getAll(name))
  if (values.length === 0) return null
  return new Set(values.flatMap((value) => value.split(',')).map(Number).filter(Number.isSafeInteger))
}

export function includesStories(query: URLSearchParams): boolean {
  return query.getAll('includes[]').includes('user_stories')
}

export interface Paging {
  readonly page: number
  readonly perPage: number
}

/** 1-based; 25 a page when nothing usable was sent. */
export function pagingOf(query: URLSearchParams): Paging {
  return { page: positive(query.get('page'), 1), perPage: positive(query.get('per_page'), 25) }
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text)
  return Number.isSafeInteger(value) && value > 0 ? value : fallback
}

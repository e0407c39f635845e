/**
 * Suggestions for an id while a person types: by the beginning of the id, or by a part of the name. Looks at a hundred
 * candidates at most, and so offers the newest, not all.
 */
import type { Tidemark } from '../../src/tidemark.ts'
import { cleanText } from './clean-text.ts'
import type { ToolEnvironment } from './tool-environment.ts'

export type EntityKind = 'product' | 'test' | 'bug' | 'feature' | 'user'

/** Suggests values for what was typed so far. */
export type Complete = (typed: string, environment: ToolEnvironment) => Promise<Suggestions>

export interface Suggestions {
  readonly values: string[]
  /** There may be others. */
  readonly hasMore: boolean
}

/** Candidates that are looked at; also the most that the protocol lets a server suggest. */
const limit = 100
const maxNameCharacters = 60

/** The bare ids. */
export function idsOf(kind: EntityKind): Complete {
  return async (typed, environment) => suggestions(typed, await candidates(kind, typed, await environment.tidemark()), ({ id }) => String(id))
}

/** `#598 Shop`: for a person who chooses by name. `entityReference` reads it back. */
export function namesOf(kind: EntityKind): Complete {
  return async (typed, environment) =>
    suggestions(typed, await candidates(kind, typed, await environment.tidemark()), ({ id, name }) => `#${id} ${shortName(name)}`)
}

/** What a person chose or typed: an id, or the text that should name one. */
export function entityReference(text: string): number | string {
  const id = /^(?:#?(\d{1,15})|#(\d{1,15})\s.*)$/su.exec(text)
  return id === null ? text : Number(id[1] ?? id[2])
}

interface Candidate {
  readonly id: number
  readonly name: string
}

async function candidates(kind: EntityKind, typed: string, tidemark: Tidemark): Promise<{ readonly items: readonly Candidate[]; readonly hasMore: boolean }> {
  const search = isId(typed) || typed.trim() === '' ? undefined : cleanText(typed).trim()
  switch (kind) {
    case 'product':
      return named(await tidemark.products.list({ limit, search }), ({ name }) => name)
    case 'test':
      return named(await tidemark.tests.list({ limit, search }), ({ title }) => title)
    case 'bug':
      return named(await tidemark.bugs.list({ limit }), ({ title }) => title)
    case 'feature':
      return named(await tidemark.features.list({ limit, search }), ({ title }) => title)
    case 'user':
      return named(await tidemark.users.list({ limit, search, sortBy: 'last_active_at' }), ({ name }) => name)
  }
}

function named<Item extends { readonly id: number }>({ items, hasMore }: { readonly items: readonly Item[]; readonly hasMore: boolean }, nameOf: (item: Item) => string) {
  return { items: items.map((item) => ({ id: item.id, name: nameOf(item) })), hasMore }
}

/** Lists have searched by name already, but that of bugs cannot. */
function suggestions(typed: string, found: { readonly items: readonly Candidate[]; readonly hasMore: boolean }, write: (candidate: Candidate) => string): Suggestions {
  const start = typed.trim().replace(/^#/, '')
  const fits = ({ id, name }: Candidate): boolean => (isId(typed) ? String(id).startsWith(start) : name.toLowerCase().includes(start.toLowerCase()))
  return { values: found.items.filter(fits).map(write), hasMore: found.hasMore }
}

function shortName(name: string): string {
  return cleanText(name).replaceAll(/\s+/g, ' ').trim().slice(0, maxNameCharacters).replace(/\p{Surrogate}$/u, '').trim()
}

function isId(typed: string): boolean {
  return /^\s*#?\d+\s*$/.test(typed)
}

/**
 * The full-text search that each engine brings, behind what this program asks of one. What a word is, is decided in
 * src/search: an engine is given words and finds the documents that have them.
 */
import type { RawBuilder } from 'kysely'
import { postgresFullText } from './postgres/full-text.ts'
import { sqliteFullText } from './sqlite/full-text.ts'
import type { Dialect } from './storage.ts'

export interface FullTextDocument {
  readonly id: number
  readonly productId: number
  readonly date: string | null
  /** In words. */
  readonly length: number
  readonly titleWords: string
  /** The title among them. */
  readonly words: string
}

/** A word, or several. */
export interface FullTextTerm {
  readonly words: readonly string[]
  /** The last word may go on. */
  readonly prefix: boolean
}

export interface FullText {
  /**
   * The statements, in order, that put documents into the index, in place of those of the same ids. To take one out, its
   * row of `search_documents` is deleted.
   */
  store(of: { readonly customerId: number; readonly entity: string }, documents: readonly FullTextDocument[]): readonly RawBuilder<unknown>[]
  /**
   * What stands behind FROM, WHERE included, for the documents of a customer that have all words of these terms; `d` is
   * their row of `search_documents`. That the words of a term stand in a row is not promised.
   */
  hits(customerId: number, terms: readonly FullTextTerm[]): RawBuilder<unknown>
  /** The words of a hit, spelled as they were stored. */
  readonly words: RawBuilder<string>
  /** The words of the document whose `entity` and `id` the row called `document` has. */
  wordsOf(customerId: number, document: string): RawBuilder<string>
}

export const fullTextOf: Readonly<Record<Dialect, FullText>> = { sqlite: sqliteFullText, postgres: postgresFullText }

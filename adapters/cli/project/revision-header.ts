/**
 * What a revision file says about its place in the history, read from its text: nothing is transpiled or run, so that a
 * database at head costs no revision its evaluation. What the text does not say in plain literals is not guessed.
 */
import { sourceTokens, type SourceToken } from '../../../src/migrate/lint/source-tokens.ts'
import type { RevisionSpec } from '../../../src/migrate/revision.ts'

export type RevisionHeader = Omit<RevisionSpec, 'upgrade' | 'downgrade'>

export interface ReadHeader {
  readonly header: RevisionHeader
  readonly hasDowngrade: boolean
}

/** Everything that the text alone can tell, and what kind of literal it is. */
const headerFields = {
  id: 'text', down: 'list', dependsOn: 'list', labels: 'list', message: 'text', createdAt: 'text', transaction: 'flag', lossy: 'text', irreversible: 'text',
} as const satisfies Readonly<Record<keyof RevisionHeader, LiteralKind>>

export const headerFieldNames: readonly (keyof RevisionHeader)[] = Object.keys(headerFields).filter(isField)

type LiteralKind = 'text' | 'list' | 'flag'
type Literal = string | boolean | undefined | readonly string[]

/** Null where the file has to be run to know: values that are computed or missing, several revisions or none, other settings. */
export function readRevisionHeader(source: string): ReadHeader | null {
  const tokens = sourceTokens(source).filter(({ kind }) => kind !== 'comment')
  const calls = tokens.flatMap((token, at) => (isWord(token, 'defineRevision') && isSymbol(tokens[at + 1], '(') && isSymbol(tokens[at + 2], '{') ? [at + 3] : []))
  const [start] = calls
  return start === undefined || calls.length > 1 ? null : readProperties(tokens, start)
}

function readProperties(tokens: readonly SourceToken[], start: number): ReadHeader | null {
  const header: Partial<Record<keyof RevisionHeader, Literal>> = {}
  const functions = new Set<string>()
  for (let at = start; !isSymbol(tokens[at], '}'); ) {
    if (isWord(tokens[at], 'async') && tokens[at + 1]?.kind === 'word') at += 1
    const key = nameOf(tokens[at])
    const end = endOfProperty(tokens, at)
    if (key === null || end === -1) return null
    const literal = isSymbol(tokens[at + 1], ':') ? literalOf(tokens.slice(at + 2, end)) : null
    if (key === 'upgrade' || key === 'downgrade') {
      if (literal === null || literal.value !== undefined) functions.add(key)
    } else if (isField(key) && literal !== null && !(key in header) && isOfKind(literal.value, headerFields[key])) {
      header[key] = literal.value
    } else {
      return null
    }
    at = isSymbol(tokens[end], ',') ? end + 1 : end
  }
  return isWhole(header) && functions.has('upgrade') ? { header, hasDowngrade: functions.has('downgrade') } : null
}

function isField(key: string): key is keyof RevisionHeader {
  return Object.hasOwn(headerFields, key)
}

function isOfKind(value: Literal, kind: LiteralKind): boolean {
  if (value === undefined) return true
  return kind === 'list' ? Array.isArray(value) : typeof value === (kind === 'text' ? 'string' : 'boolean')
}

/** Of the right kind they are already. */
function isWhole(header: Partial<Record<keyof RevisionHeader, Literal>>): header is RevisionHeader & typeof header {
  return [header.id, header.down, header.message, header.createdAt].every((value) => value !== undefined)
}

/** The position of the comma or brace that ends the property; -1 where the brackets do not fit. */
function endOfProperty(tokens: readonly SourceToken[], start: number): number {
  const open: string[] = []
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'symbol') continue
    if (open.length === 0 && (token.value === ',' || token.value === '}')) return at
    const closing = brackets[token.value ?? '']
    if (closing !== undefined) open.push(closing)
    else if ([')', ']', '}'].includes(token.value ?? '') && open.pop() !== token.value) return -1
  }
  return -1
}

const brackets: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Null for anything but a text, yes or no, `undefined`, or a list of texts. */
function literalOf(tokens: readonly SourceToken[]): { readonly value: Literal } | null {
  const [first, ...rest] = tokens
  if (first === undefined) return null
  if (rest.length === 0) {
    if (first.kind === 'string' && first.value !== undefined) return { value: first.value }
    if (isWord(first, 'true') || isWord(first, 'false')) return { value: isWord(first, 'true') }
    return isWord(first, 'undefined') ? { value: undefined } : null
  }
  if (!isSymbol(first, '[') || !isSymbol(rest.at(-1), ']')) return null
  const items = rest.slice(0, -1)
  if (isSymbol(items.at(-1), ',')) items.pop()
  const isList = items.every((item, position) => (position % 2 === 0 ? item.kind === 'string' && item.value !== undefined : isSymbol(item, ','))) && (items.length === 0 || items.length % 2 === 1)
  return isList ? { value: items.flatMap((item) => (item.kind === 'string' ? (item.value ?? []) : [])) } : null
}

function nameOf(token: SourceToken | undefined): string | null {
  return token?.kind === 'word' || token?.kind === 'string' ? (token.value ?? null) : null
}

function isWord(token: SourceToken | undefined, value: string): boolean {
  return token?.kind === 'word' && token.value === value
}

function isSymbol(token: SourceToken | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}

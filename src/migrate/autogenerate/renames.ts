/**
 * Renames. A table or column that is gone and one that has come can be the same thing under another name: that is asked,
 * never decided, since the wrong answer loses the rows or keeps what should go.
 */
import { TidemarkError } from '../../errors.ts'
import type { SchemaDifference } from '../../schema/difference.ts'
import type { LiveColumn, LiveTable } from '../../schema/introspect.ts'

/** Whether something that is gone and something that has come are one thing. */
export interface RenameQuestion {
  /** The same for the same question on every run: `table:old:new`, `column:table.old:new`. */
  readonly id: string
  readonly kind: 'table' | 'column'
  /** `table` or `table.column`. */
  readonly from: string
  readonly to: string
  /** `from:to`, as `renames` and `noRenames` take it. */
  readonly answer: string
  /** How much the two look alike: from 0.2 to 1. */
  readonly score: number
}

export interface RenameAnswers {
  /** Pairs `old:new` that are one thing, each a `table` or `table.column`. */
  readonly renames: readonly string[]
  /** Pairs that are two things. */
  readonly noRenames: readonly string[]
}

export type Rename =
  | { readonly kind: 'table'; readonly from: string; readonly to: string }
  | { readonly kind: 'column'; readonly table: string; readonly from: string; readonly to: string }

export interface RenameFindings {
  /** What the answers say, of what is gone and has come here. */
  readonly renames: readonly Rename[]
  /** Most alike first. Only where there are no renames any more: one that is made settles others. */
  readonly questions: readonly RenameQuestion[]
}

/** @param tablesBefore what tables that were renamed were called: an answer can name their columns by either name */
export function findRenames(differences: readonly SchemaDifference[], { renames, noRenames }: RenameAnswers, tablesBefore: ReadonlyMap<string, string> = new Map()): RenameFindings {
  const candidates = [...tableCandidates(differences), ...columnCandidates(differences, tablesBefore)]
  const isIn = (answers: readonly string[], { answers: own }: Candidate): boolean => own.some((answer) => answers.includes(answer))
  const chosen = candidates.filter((candidate) => isIn(renames, candidate))
  requireOnce(chosen)
  const open = candidates.filter((candidate) => candidate.score >= alike[candidate.rename.kind] && !isIn(noRenames, candidate)).toSorted((a, b) => b.score - a.score)
  return {
    renames: chosen.map(({ rename }) => rename),
    questions: open.map(({ rename, from, to, score }) => ({
      id: rename.kind === 'table' ? `table:${from}:${to}` : `column:${from}:${rename.to}`,
      kind: rename.kind,
      from,
      to,
      answer: `${from}:${to}`,
      score: Math.round(score * 100) / 100,
    })),
  }
}

/** The answers that say the same: the old name of a column can stand with the old name of its table. */
export function answersFor(rename: Rename, tablesBefore: ReadonlyMap<string, string>): readonly string[] {
  if (rename.kind === 'table') return [`${rename.from}:${rename.to}`]
  const { table, from, to } = rename
  return [table, tablesBefore.get(table) ?? table].map((before) => `${before}.${from}:${table}.${to}`)
}

/**
 * What is less alike than this is not asked about; an answer can name it all the same. A needless question costs a flag,
 * a question that was not asked costs the rows: any column whose values the other could hold is asked about.
 */
const alike = { table: 0.25, column: 0.2 }

interface Candidate {
  readonly rename: Rename
  readonly from: string
  readonly to: string
  readonly answers: readonly string[]
  readonly score: number
}

function tableCandidates(differences: readonly SchemaDifference[]): Candidate[] {
  const tables = (kind: SchemaDifference['kind']): LiveTable[] => differences.flatMap((difference) => (difference.kind === kind && 'definition' in difference ? difference.definition : []))
  return tables('tableDropped').flatMap((before) =>
    tables('tableAdded').map((after) => {
      const [from, to] = [before.name, after.name]
      return { rename: { kind: 'table' as const, from, to }, from, to, answers: answersFor({ kind: 'table', from, to }, new Map()), score: tableLikeness(before, after) }
    }),
  )
}

function columnCandidates(differences: readonly SchemaDifference[], tablesBefore: ReadonlyMap<string, string>): Candidate[] {
  const columns = (kind: 'columnDropped' | 'columnAdded'): { readonly table: string; readonly column: LiveColumn }[] =>
    differences.flatMap((difference) => (difference.kind === kind && typeof difference.column !== 'string' ? [{ table: difference.table, column: difference.column }] : []))
  const come = columns('columnAdded')
  return columns('columnDropped').flatMap(({ table, column: before }) =>
    come
      .filter((other) => other.table === table)
      .map(({ column: after }) => {
        const rename = { kind: 'column' as const, table, from: before.name, to: after.name }
        const [from, to] = [`${table}.${before.name}`, `${table}.${after.name}`]
        return { rename, from, to, answers: answersFor(rename, tablesBefore), score: columnLikeness(before, after) }
      }),
  )
}

/** The share of columns that both have, with the same type. */
function tableLikeness(before: LiveTable, after: LiveTable): number {
  const types = new Map(before.columns.map((column) => [column.name, column.type.kind]))
  const shared = after.columns.filter((column) => types.has(column.name))
  const same = shared.filter((column) => types.get(column.name) === column.type.kind)
  return (0.9 * (same.length + (shared.length - same.length) / 2)) / (types.size + after.columns.length - shared.length) + 0.1 * nameLikeness(before.name, after.name)
}

/** Nothing where the types have nothing in common: then the values could not be kept. */
function columnLikeness(before: LiveColumn, after: LiveColumn): number {
  const type = before.declaredType === after.declaredType ? 0.4 : before.type.kind === after.type.kind ? 0.3 : families.some((family) => family.has(before.type.kind) && family.has(after.type.kind)) ? 0.2 : 0
  if (type === 0 || before.generated?.expression !== after.generated?.expression) return 0
  return type + (before.nullable === after.nullable ? 0.15 : 0) + (before.default === after.default ? 0.15 : 0) + 0.3 * nameLikeness(before.name, after.name)
}

const families: readonly ReadonlySet<LiveColumn['type']['kind']>[] = [new Set(['integer', 'bigint', 'real', 'numeric'] as const), new Set(['text', 'enum', 'uuid'] as const), new Set(['instant', 'date'] as const)]

/** Dice's coefficient over pairs of letters, without regard to case and underscores. */
function nameLikeness(before: string, after: string): number {
  const [a, b] = [before, after].map((name) => name.toLowerCase().replaceAll('_', ''))
  if (a === undefined || b === undefined || a === b) return 1
  const left = pairsOf(b)
  const all = pairsOf(a).length + left.length
  let shared = 0
  for (const letters of pairsOf(a)) {
    const place = left.indexOf(letters)
    if (place < 0) continue
    left.splice(place, 1)
    shared += 1
  }
  return all === 0 ? 0 : (2 * shared) / all
}

function pairsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 1) }, (_, position) => text.slice(position, position + 2))
}

function requireOnce(chosen: readonly Candidate[]): void {
  const twice = chosen.find((candidate) => chosen.some((other) => other !== candidate && (other.from === candidate.from || other.to === candidate.to)))
  if (twice === undefined) return
  throw new TidemarkError('argument_invalid', 'Cannot take the answers about renames', {
    why: `"${twice.from}" or "${twice.to}" is in two of them.`,
    next: 'Give each name once.',
    details: { from: twice.from, to: twice.to },
  })
}

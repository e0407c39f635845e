/** Brings the answers of the library, of statements and of mappers into one form, so that a wrong fast one cannot win. */
import type { Question } from './questions.ts'

type Row = Readonly<Record<string, unknown>>

/** @param answer of the library; the rows of each statement; or what a file of `bench/peers/queries` answers */
export function comparable(question: Question, answer: unknown): readonly string[] {
  const { rows, total } = rowsOf(answer)
  if (rows.length === 0) throw new Error(`${question}: an empty answer compares nothing`)
  switch (question) {
    case 'products.list':
      return [`of ${total}`, ...rows.map((row) => cells(row, ['id', 'name', 'testCount', 'bugCount', 'featureCount', 'testsLast30Days', 'testsLast90Days', 'lastTestEndAt']))]
    case 'tests.list, 50 rows':
      return [`of ${total}`, ...rows.map((row) => cells(row, ['id', 'title', 'status', 'endAt', 'createdBy']))]
    case 'tests.list, 50 rows with bug counts':
      return [`of ${total}`, ...rows.map((row) => `${cells(row, ['id'])} ${bugCounts(row).join(' ')}`)]
    case 'bugs by severity':
      return rows.map((row) => cells(row, ['severity', 'bugCount'])).toSorted()
    case 'bugs, rejection rate by month':
      return byMonth(rows).toSorted()
    case 'bugs by platform':
      return rows.map((row) => cells(row, ['platform', 'bugCount'])).toSorted()
    case 'bugs by feature':
      return byFeature(rows).toSorted()
    default:
      throw new TypeError(`unknown question ${String(question satisfies never)}`)
  }
}

function rowsOf(answer: unknown): { readonly rows: readonly Row[]; readonly total: string } {
  if (Array.isArray(answer)) {
    const [first, second] = answer
    // The rows of each statement: of a list these and their total.
    return Array.isArray(first) ? { rows: rowsIn(first), total: String(rowsIn(second)[0]?.['total']) } : { rows: rowsIn(answer), total: '' }
  }
  const { items, rows, total } = rowsIn([answer])[0] ?? {}
  return { rows: rowsIn(items ?? rows), total: String(total) }
}

function rowsIn(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.map((row) => (typeof row === 'object' && row !== null ? { ...row } : {})) : []
}

/** In the spelling of the library, or in that of its columns. */
function cell(row: Row, name: string): unknown {
  return row[name] ?? row[name.replaceAll(/[A-Z]|\d+/gu, (part) => `_${part.toLowerCase()}`)] ?? null
}

function cells(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => cell(row, name)))
}

const outcomes = ['open', 'accepted', 'autoAccepted', 'rejected'] as const

/** All bugs, then those of each outcome: counted, as columns, or as the bugs themselves. */
function bugCounts(row: Row): readonly unknown[] {
  const bugs = row['bugs']
  if (Array.isArray(bugs)) {
    const words = rowsIn(bugs).map((bug) => bug['outcome'])
    return [words.length, ...['open', 'accepted', 'auto_accepted', 'rejected'].map((outcome) => words.filter((word) => word === outcome).length)]
  }
  const counts = bugs === undefined ? { ...row, open: row['open_bugs'] } : (rowsIn([bugs])[0] ?? {})
  return [cell(counts, 'total') ?? 0, ...outcomes.map((outcome) => cell(counts, outcome) ?? 0)]
}

/** With the rate, or by outcome. A fraction with the digits that engines have in common. */
function byMonth(rows: readonly Row[]): readonly string[] {
  const months = new Map<unknown, { bugs: number; rejected: number }>()
  for (const row of rows) {
    const { month, outcome } = row
    const bugs = Number(cell(row, 'bugCount'))
    const known = months.get(month) ?? { bugs: 0, rejected: 0 }
    const rejected = 'rejection_rate' in row ? Number(row['rejection_rate'] ?? 0) * bugs : outcome === 'rejected' ? bugs : 0
    months.set(month, { bugs: known.bugs + bugs, rejected: known.rejected + rejected })
  }
  return [...months].map(([month, { bugs, rejected }]) => JSON.stringify([month, bugs, rejected.toPrecision(12)]))
}

/**
 * The counts, and that of no feature. Names are left out: a mapper finds that of a feature that the catalogue has lost only with
 * more work. So are features without bugs, which mappers do not list.
 */
function byFeature(rows: readonly Row[]): readonly string[] {
  const counted = rows.map((row) => ({ isNone: (row['id'] ?? row['feature'] ?? null) === null, bugs: Number(cell(row, 'bugCount')) })).filter(({ bugs }) => bugs > 0)
  return counted.map(({ isNone, bugs }) => `${isNone ? 'none' : 'a feature'}: ${bugs}`)
}

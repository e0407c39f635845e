/** The rows of an answer as columns: what stands in each for people, and its fields for CSV. */
import { dimensions as allDimensions } from '../../../src/analytics/dimensions.ts'
import { idKeyOf, type Dimension } from '../../../src/analytics/dimension.ts'
import type { Metric } from '../../../src/analytics/metric.ts'
import { metrics as allMetrics } from '../../../src/analytics/metrics.ts'
import type { AnalyticsAnswer } from '../../../src/analytics/question.ts'
import { count, share } from '../../../src/answers/figures.ts'
import type { Column } from '../render/table.ts'
import type { QueryFlags } from './question.ts'

/** A row by its keys; `total` is the line below all of them. */
export interface AnswerRow {
  readonly kind: 'group' | 'other' | 'total'
  readonly cells: Readonly<Record<string, unknown>>
}

export interface AskedColumns {
  readonly dimensions: readonly Dimension[]
  readonly metrics: readonly Metric[]
  readonly compare: boolean
  readonly other: boolean
  readonly drill: boolean
}

/** What was asked for, in that order. */
export function askedColumns({ metrics, dimensions = [], compare, other, drill }: QueryFlags): AskedColumns {
  const inOrder = <T extends { readonly key: string }>(keys: readonly string[], all: readonly T[]): readonly T[] =>
    [...new Set(keys)].flatMap((key) => all.filter((one) => one.key === key))
  return { dimensions: inOrder(dimensions, allDimensions), metrics: inOrder(metrics, allMetrics), compare: compare !== undefined, other: other === true, drill: drill === true }
}

/** The rows, and behind those of more than one group their total. */
export function answerRows({ dimensions }: AskedColumns, { rows, totals }: Pick<AnalyticsAnswer, 'rows' | 'totals'>): readonly AnswerRow[] {
  const groups = rows.map((row): AnswerRow => ({ kind: row.other === true ? 'other' : 'group', cells: { ...row } }))
  return dimensions.length === 0 || rows.length === 0 ? groups : [...groups, { kind: 'total', cells: { ...totals } }]
}

/** Names of the fields of a row in CSV. */
export function csvFields({ dimensions, metrics, compare, other, drill }: AskedColumns): readonly string[] {
  const keys = metrics.map(({ key }) => key)
  return [
    ...dimensions.flatMap((dimension) => [dimension.key, ...(idKeyOf(dimension) === null ? [] : [`${dimension.key}_id`])]),
    ...keys,
    ...(compare ? [...keys.map((key) => `previous_${key}`), ...keys.map((key) => `difference_${key}`)] : []),
    ...(other ? ['other', 'groups'] : []),
    ...(drill ? ['drill_test_ids', 'drill_bug_ids'] : []),
  ]
}

export function tableColumns({ dimensions, metrics, compare, drill }: AskedColumns): readonly Column<AnswerRow>[] {
  const plain = [
    ...dimensions.flatMap((dimension, place): Column<AnswerRow>[] => {
      const idKey = idKeyOf(dimension)
      return [
        { head: dimension.key, shrinks: true, text: (row) => dimensionText(row, dimension, place) },
        ...(idKey === null ? [] : [{ head: idKey, align: 'right' as const, spare: true, text: ({ cells }: AnswerRow) => (typeof cells[idKey] === 'number' ? String(cells[idKey]) : '') }]),
      ]
    }),
    ...metrics.flatMap((metric): Column<AnswerRow>[] => {
      const column = (head: string, text: (row: AnswerRow) => string): Column<AnswerRow> => ({ head, align: 'right', text })
      return [
        column(metric.key, ({ cells }) => figureText(metric, cells[metric.key])),
        ...(compare ? [column('before', ({ cells }) => figureText(metric, inner(cells['previous'], metric.key))), column('change', ({ cells }) => changeText(metric, inner(cells['difference'], metric.key)))] : []),
      ]
    }),
    ...(drill ? [idsColumn('Tests', 'testIds'), idsColumn('Bugs', 'bugIds')] : []),
  ]
  return plain.map((column) => ({ ...column, style: ({ kind }) => (kind === 'total' ? 'bold' : kind === 'other' ? 'dim' : undefined) }))
}

/** The figure of a row as a number; null where there is none. */
export function figureOf({ cells }: AnswerRow, key: string): number | null {
  const value = cells[key]
  return typeof value === 'number' ? value : null
}

function dimensionText({ kind, cells }: AnswerRow, { key }: Dimension, place: number): string {
  if (kind === 'total') return place === 0 ? 'Total' : ''
  if (kind === 'other') return place === 0 ? `${count(Number(cells['groups']))} others` : ''
  const value = cells[key]
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : '(none)'
}

function figureText({ kind, key }: Metric, value: unknown): string {
  if (typeof value !== 'number') return '–'
  if (kind === 'count') return count(value)
  return key.endsWith('_rate') ? share(value) : value.toFixed(2)
}

/** With its sign; of shares in percentage points. */
function changeText({ kind, key }: Metric, value: unknown): string {
  if (typeof value !== 'number') return '–'
  const sign = value > 0 ? '+' : ''
  if (kind === 'count') return `${sign}${count(value)}`
  return key.endsWith('_rate') ? `${sign}${(value * 100).toFixed(1)} pp` : `${sign}${value.toFixed(2)}`
}

function idsColumn(head: string, key: 'testIds' | 'bugIds'): Column<AnswerRow> {
  return {
    head,
    shrinks: true,
    text: ({ cells }) => {
      const ids = inner(cells['drill'], key)
      return Array.isArray(ids) ? ids.join(' ') : ''
    },
  }
}

function inner(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined
}

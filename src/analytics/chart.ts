/** Which chart suits an answer. Decided by its rows as they are; a table where nothing better is honest. */
import { isBugLevel, isMany, type Dimension } from './dimension.ts'
import type { DimensionValue } from './groups.ts'
import type { Metric } from './metric.ts'
import type { ChartHint } from './question.ts'

const pieSlices = 7
const bars = 30
const lines = 8
const stacks = 15
const cells = 40

export interface ChartQuestion {
  readonly dimensions: readonly Dimension[]
  /** The one that is drawn first. */
  readonly metrics: readonly Metric[]
  /** The values of the rows, in the order of the dimensions. */
  readonly rows: readonly (readonly DimensionValue[])[]
  readonly truncated: boolean
}

export function chartFor({ dimensions, metrics, rows, truncated }: ChartQuestion): ChartHint {
  const [metric] = metrics
  const [first, second] = dimensions
  if (metric === undefined || first === undefined || rows.length === 0) return table(rows.length === 0 ? 'There is nothing to draw.' : 'One row of figures needs no chart.')
  const distinct = (place: number): number => new Set(rows.map((row) => row[place])).size
  // Only counts of groups without overlap are parts of a whole; tests are not parted by what only bugs have.
  const parts = metric.kind === 'count' && metric.additive && !dimensions.some(isMany) && (metric.over === 'bugs' || !dimensions.some(isBugLevel))

  if (second === undefined) {
    const hint = { x: first.key, y: metric.key, series: null }
    if (first.time === true) return { ...hint, type: 'line', why: `${metric.key} over time.` }
    if (parts && metrics.length === 1 && !truncated && rows.length > 1 && rows.length <= pieSlices) return { ...hint, type: 'pie', why: `Few groups that make up the whole.` }
    return rows.length <= bars ? { ...hint, type: 'bar', why: 'One bar for each group.' } : table(`${rows.length} groups are more than a chart can show; a smaller limit with "other" makes one.`)
  }
  if (dimensions.length > 2) return table('More than two dimensions.')

  // Time runs along the x axis, wherever it was named.
  const turned = second.time === true && first.time !== true
  const [x, series] = turned ? [second, first] : [first, second]
  const [xCount, seriesCount] = turned ? [distinct(1), distinct(0)] : [distinct(0), distinct(1)]
  const hint = { x: x.key, y: metric.key, series: series.key }
  if (x.time === true && series.time !== true && seriesCount <= lines) return { ...hint, type: 'multi_line', why: `One line for each ${series.key} over time.` }
  if (x.time !== true && xCount <= stacks && seriesCount <= lines) {
    return parts
      ? { ...hint, type: 'stacked_bar', why: `Each ${x.key} is made up of its ${series.key} parts.` }
      : { ...hint, type: 'grouped_bar', why: `${metric.key} does not add up, so the bars of each ${x.key} stand side by side.` }
  }
  if (xCount <= cells && seriesCount <= cells) return { ...hint, type: 'heatmap', why: 'Too many groups for lines or bars; colour shows where they are high.' }
  return table('Too many groups for a chart.')
}

function table(why: string): ChartHint {
  return { type: 'table', x: null, y: null, series: null, why }
}

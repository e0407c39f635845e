/** Which chart suits which answer, for the shapes that answers have. The words of `type` are those of the contract. */
import { describe, expect, it } from 'vitest'
import { chartFor } from '../../src/analytics/chart.ts'
import { type DimensionKey, dimensions } from '../../src/analytics/dimensions.ts'
import { type MetricKey, metrics } from '../../src/analytics/metrics.ts'

interface Shape {
  readonly metrics?: readonly MetricKey[]
  readonly dimensions: readonly DimensionKey[]
  /** How many values each dimension has; there is a row for every combination. */
  readonly values?: readonly number[]
  readonly truncated?: boolean
  /** The dimension along the x axis, where that is not the first one. */
  readonly x?: DimensionKey
}

function chart({ metrics: asked = ['bug_count'], dimensions: by, values = by.map(() => 3), truncated = false }: Shape) {
  const chosen = <Key extends string, One extends { readonly key: Key }>(all: readonly One[], keys: readonly Key[]): One[] => keys.flatMap((key) => all.filter((one) => one.key === key))
  const rows = values.reduce<readonly (readonly string[])[]>((before, count) => before.flatMap((row) => Array.from({ length: count }, (_, index) => [...row, `v${index}`])), [[]])
  return chartFor({ dimensions: chosen(dimensions, by), metrics: chosen(metrics, asked), rows, truncated })
}

describe('one dimension', () => {
  it.each<readonly [string, Shape, string]>([
    ['time is a line', { dimensions: ['month'] }, 'line'],
    ['time is a line however long it is', { dimensions: ['day'], values: [400] }, 'line'],
    ['a few parts of a whole are a pie', { dimensions: ['severity'], values: [2] }, 'pie'],
    ['seven parts are a pie', { dimensions: ['product'], values: [7] }, 'pie'],
    ['eight parts are bars', { dimensions: ['product'], values: [8] }, 'bar'],
    ['a single group is a bar', { dimensions: ['product'], values: [1] }, 'bar'],
    ['parts that are not all there are bars', { dimensions: ['product'], truncated: true }, 'bar'],
    ['two metrics are bars', { dimensions: ['product'], metrics: ['bug_count', 'test_count'] }, 'bar'],
    ['a ratio is no part of a whole', { dimensions: ['product'], metrics: ['rejection_rate'] }, 'bar'],
    ['different testers of groups may be the same', { dimensions: ['product'], metrics: ['active_testers'] }, 'bar'],
    ['a bug can be on several platforms', { dimensions: ['platform'] }, 'bar'],
    ['tests are parts of their product', { dimensions: ['product'], metrics: ['test_count'] }, 'pie'],
    ['tests are not divided by the severity of bugs', { dimensions: ['severity'], metrics: ['test_count'] }, 'bar'],
    ['thirty groups are bars', { dimensions: ['tester'], values: [30] }, 'bar'],
    ['more than thirty groups are a table', { dimensions: ['tester'], values: [31] }, 'table'],
  ])('%s', (_, shape, type) => {
    const hint = chart(shape)
    expect(hint.type).toBe(type)
    expect(hint).toMatchObject(type === 'table' ? { x: null, y: null, series: null } : { x: shape.dimensions[0], y: shape.metrics?.[0] ?? 'bug_count', series: null })
    expect(hint.why).toMatch(/\w\.$/u)
  })
})

describe('two dimensions', () => {
  it.each<readonly [string, Shape, string]>([
    ['over time are a line for each of the other', { dimensions: ['month', 'severity'], values: [12, 3] }, 'multi_line'],
    ['are turned, so that time runs along the x axis', { dimensions: ['severity', 'month'], values: [3, 12], x: 'month' }, 'multi_line'],
    ['eight lines can be told apart', { dimensions: ['week', 'product'], values: [2, 8] }, 'multi_line'],
    ['eight lines can be told apart, named the other way round', { dimensions: ['product', 'week'], values: [8, 2], x: 'week' }, 'multi_line'],
    ['nine lines cannot', { dimensions: ['week', 'product'], values: [2, 9] }, 'heatmap'],
    ['two times are a field, as they were named', { dimensions: ['month', 'day'], values: [2, 5] }, 'heatmap'],
    ['two times are a field, as they were named, the other way round', { dimensions: ['day', 'month'], values: [5, 2] }, 'heatmap'],
    ['of parts are stacked', { dimensions: ['product', 'severity'] }, 'stacked_bar'],
    ['fifteen bars of eight parts are stacked', { dimensions: ['product', 'section'], values: [15, 8] }, 'stacked_bar'],
    ['sixteen bars are too many', { dimensions: ['product', 'section'], values: [16, 2] }, 'heatmap'],
    ['nine parts of a bar are too many', { dimensions: ['product', 'section'], values: [2, 9] }, 'heatmap'],
    ['of what does not add up stand side by side', { dimensions: ['product', 'severity'], metrics: ['rejection_rate'] }, 'grouped_bar'],
    ['of tests by what only bugs have stand side by side', { dimensions: ['product', 'severity'], metrics: ['test_count'] }, 'grouped_bar'],
    ['with overlap stand side by side', { dimensions: ['severity', 'platform'] }, 'grouped_bar'],
    ['forty by forty are a field', { dimensions: ['product', 'tester'], values: [40, 40] }, 'heatmap'],
    ['more than forty one way are a table', { dimensions: ['product', 'tester'], values: [41, 1] }, 'table'],
    ['more than forty the other way are a table', { dimensions: ['product', 'tester'], values: [1, 41] }, 'table'],
  ])('%s', (_, shape, type) => {
    const hint = chart(shape)
    const x = shape.x ?? shape.dimensions[0]
    expect(hint.type).toBe(type)
    const series = shape.dimensions.find((key) => key !== x)
    expect(hint).toMatchObject(type === 'table' ? { x: null, y: null, series: null } : { x, y: shape.metrics?.[0] ?? 'bug_count', series })
    expect(hint.why).toMatch(/\w\.$/u)
  })
})

it.each<readonly [string, Shape, string]>([
  ['without a dimension', { dimensions: [] }, 'One row of figures needs no chart.'],
  ['without rows', { dimensions: ['month'], values: [0] }, 'There is nothing to draw.'],
  ['of three dimensions', { dimensions: ['month', 'severity', 'kind'] }, 'More than two dimensions.'],
])('an answer %s is a table', (_, shape, why) => {
  expect(chart(shape)).toEqual({ type: 'table', x: null, y: null, series: null, why })
})

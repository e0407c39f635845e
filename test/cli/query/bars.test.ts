import { describe, expect, it } from 'vitest'
import { barColumn } from '../../../adapters/cli/query/bars.ts'
import type { Column } from '../../../adapters/cli/render/table.ts'

const column: Column<number | null> = { head: 'count', text: (value) => String(value) }
const bars = (width: number, values: readonly (number | null)[]) =>
  barColumn(width, [column], values, (value) => value).flatMap(({ text }) => values.map((value) => text(value)))

describe('bars', () => {
  it('are as long as their figures, to an eighth of a cell', () => {
    // Seven cells for the column, eight left for the bar of the largest.
    expect(bars(15, [8, 4, 1, 0.5, 0, null])).toEqual(['████████', '████', '█', '▌', '', ''])
  })

  it('show that there is something, however little', () => {
    expect(bars(15, [1000, 1])).toEqual(['████████', '▏'])
  })

  it('are never longer than forty cells', () => {
    expect(bars(500, [3, 1])[0]).toHaveLength(40)
  })

  it('are left out where there is no room or nothing to draw', () => {
    expect(bars(14, [8, 4])).toEqual([])
    expect(bars(80, [0, null])).toEqual([])
  })
})

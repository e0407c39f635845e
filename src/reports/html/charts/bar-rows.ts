/** Bars that lie, one below the other, each with its label above: long labels have room, on a phone as well. */
import { scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import { counted } from '../../../answers/figures.ts'
import { html, type Html } from '../html-template.ts'
import { drawing, fitText, round, textWidth, type ChartSize, type ChartText } from './frame.ts'
import { hatches, piece, type Series } from './series.ts'

export interface BarRow {
  readonly label: string
  /** Behind the bar. */
  readonly note: string
  /** In the order of the series. */
  readonly values: readonly number[]
}

const rowHeight = 33
const barHeight = 11

export function barRows(rows: readonly BarRow[], series: readonly Series[], size: ChartSize, text: ChartText): Html {
  const totals = rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0))
  const room = Math.max(...rows.map(({ note }) => textWidth(note, 'bold'))) + 8
  const x = scaleLinear().domain([0, Math.max(1, ...totals)]).range([0, size.width - room])
  const prefix = `${text.id}-${size.name}`
  const layers = stack<BarRow, number>().keys(series.map((_, place) => place)).value(({ values }, place) => values[place] ?? 0)([...rows])

  return drawing(size, rows.length * rowHeight + 4, text, [
    hatches(series, prefix),
    rows.map(({ label, note }, index) => {
      const y = index * rowHeight
      return html`<text class="label" x="0" y="${y + 12.5}">${fitText(label, size.width)}<title>${label}</title></text><text class="total" x="${round(x(totals[index] ?? 0) + 7)}" y="${y + 27.5}">${note}</text>`
    }),
    series.map((one, place) => (layers[place] ?? []).flatMap(([from, to], index) => {
      if (to === from) return []
      const box = { x: round(x(from)), y: index * rowHeight + 18, width: round(x(to) - x(from)), height: barHeight }
      return [piece(one, prefix, box, `${rows[index]?.label ?? ''}: ${counted(to - from, 'bug')}${series.length === 1 ? '' : `, ${one.label.toLowerCase()}`}`)]
    })),
  ])
}

/** Bugs of every month, stacked by outcome. */
import { scaleBand, scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import { count, counted } from '../../../answers/figures.ts'
import type { QualityOfMonth } from '../../quality-report.ts'
import { html, type Html } from '../html-template.ts'
import { drawing, labelStep, round, textWidth, type ChartSize, type ChartText } from './frame.ts'
import { monthAxis, monthName } from './months.ts'
import { hatches, piece, type Series } from './series.ts'

type Outcome = keyof QualityOfMonth['bugsByOutcome']

export const outcomeSeries: readonly (Series & { readonly outcome: Outcome })[] = [
  { key: 'accepted', outcome: 'accepted', label: 'Accepted' },
  { key: 'auto', outcome: 'autoAccepted', label: 'Auto-accepted', hatched: 'rising' },
  { key: 'rejected', outcome: 'rejected', label: 'Rejected' },
  { key: 'open', outcome: 'open', label: 'Open', hatched: 'falling' },
  { key: 'other', outcome: 'other', label: 'Other' },
]

export interface MonthOfBugs {
  readonly month: string
  readonly bugs: number
  readonly bugsByOutcome: QualityOfMonth['bugsByOutcome']
}

const height = 232
const [top, bottom] = [18, 40]

/** @param months every month of the range, without gaps */
export function outcomesByMonth(months: readonly MonthOfBugs[], size: ChartSize, text: ChartText): Html {
  const most = Math.max(1, ...months.map(({ bugs }) => bugs))
  const y = scaleLinear().domain([0, most]).nice(4).range([height - bottom, top])
  const ticks = y.ticks(4).filter(Number.isInteger)
  const left = Math.max(...ticks.map((tick) => textWidth(count(tick)))) + 10
  const x = scaleBand<string>().domain(months.map(({ month }) => month)).range([left, size.width]).paddingInner(0.28).paddingOuter(0.14)
  const prefix = `${text.id}-${size.name}`
  // Otherwise a single month would be a wall.
  const barWidth = Math.min(x.bandwidth(), 46)
  const barAt = (month: string): number => (x(month) ?? 0) + (x.bandwidth() - barWidth) / 2
  const layers = stack<MonthOfBugs, Outcome>().keys(outcomeSeries.map(({ outcome }) => outcome)).value(({ bugsByOutcome }, outcome) => bugsByOutcome[outcome])([...months])
  // The highest at least, where there is no room for all.
  const totals = months.filter(({ bugs }) => bugs > 0 && (bugs === most || months.every((month) => textWidth(count(month.bugs), 'bold') + 4 <= x.step())))

  return drawing(size, height, text, [
    hatches(outcomeSeries, prefix),
    ticks.map((tick) => html`<line class="grid" x1="${round(left)}" x2="${size.width}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick end" x="${round(left - 6)}" y="${round(y(tick) + 4)}">${count(tick)}</text>`),
    outcomeSeries.map((series, place) => (layers[place] ?? []).flatMap(([from, to], index) => {
      const { month = '' } = months[index] ?? {}
      if (to === from) return []
      const box = { x: round(barAt(month)), y: round(y(to)), width: round(barWidth), height: round(y(from) - y(to)) }
      return [piece(series, prefix, box, `${monthName(month)}: ${counted(to - from, 'bug')} ${series.label.toLowerCase()}`)]
    })),
    totals.map(({ month, bugs }) => html`<text class="total middle" x="${round(Math.min((x(month) ?? 0) + x.bandwidth() / 2, size.width - textWidth(count(bugs), 'bold') / 2))}" y="${round(y(bugs) - 5)}">${count(bugs)}</text>`),
    monthAxis(months.map(({ month }) => month), (month) => (x(month) ?? 0) + x.bandwidth() / 2, labelStep(months.length, size.width - left, 30), height - bottom),
  ])
}

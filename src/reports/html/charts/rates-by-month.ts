/** The judged rates of every month as lines; a month without bugs leaves a gap. */
import { scaleLinear, scalePoint } from 'd3-scale'
import { line, symbol, symbolCircle, symbolDiamond, symbolSquare, type SymbolType } from 'd3-shape'
import { share } from '../../../answers/figures.ts'
import { rateNames } from '../../render/figure-text.ts'
import type { HealthRate } from '../../quality-report.ts'
import { html, type Html } from '../html-template.ts'
import { drawing, labelStep, round, type ChartSize, type ChartText } from './frame.ts'
import { monthAxis, monthName } from './months.ts'

export type MonthOfRates = Readonly<Record<HealthRate, number | null>> & { readonly month: string }

const lines: readonly { readonly rate: HealthRate; readonly key: string; readonly shape: SymbolType }[] = [
  { rate: 'reviewRate', key: 'review', shape: symbolCircle },
  { rate: 'rejectionRate', key: 'rejection', shape: symbolSquare },
  { rate: 'autoAcceptanceRate', key: 'autorate', shape: symbolDiamond },
]

const height = 232
const [left, right, top, bottom] = [44, 10, 18, 40]

/** @param months every month of the range, without gaps */
export function ratesByMonth(months: readonly MonthOfRates[], size: ChartSize, text: ChartText): Html {
  const x = scalePoint<string>().domain(months.map(({ month }) => month)).range([left + 14, size.width - right]).align(0.5)
  const y = scaleLinear().domain([0, 1]).range([height - bottom, top])
  const at = (month: string): number => x(month) ?? 0
  const pathOf = (rate: HealthRate): string => line<MonthOfRates>().defined((month) => month[rate] !== null).x(({ month }) => at(month)).y((month) => y(month[rate] ?? 0)).digits(1)(months) ?? ''
  const marks = months.length <= 36

  return drawing(size, height, text, [
    [0, 0.25, 0.5, 0.75, 1].map((tick) => html`<line class="grid" x1="${left}" x2="${size.width}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick end" x="${left - 6}" y="${round(y(tick) + 4)}">${tick * 100} %</text>`),
    lines.map(({ rate, key }) => html`<path class="line ${key}" d="${pathOf(rate)}"/>`),
    lines.map(({ rate, key, shape }) => months.filter((month, index) => month[rate] !== null && (marks || isAlone(months, index, rate))).map((month) => html`<path class="mark ${key}" transform="translate(${round(at(month.month))} ${round(y(month[rate] ?? 0))})" d="${shapeOf(shape)}"><title>${monthName(month.month)}: ${rateNames[rate]} ${share(month[rate])}</title></path>`)),
    monthAxis(months.map(({ month }) => month), at, labelStep(months.length, size.width - left, 30), height - bottom),
  ])
}

export function ratesLegend(): Html {
  const items = lines.map(({ rate, key, shape }) => html`<li><svg class="swatch" viewBox="0 0 26 14" width="26" height="14" aria-hidden="true"><path class="line ${key}" d="M0 7H26"/><path class="mark ${key}" transform="translate(13 7)" d="${shapeOf(shape)}"/></svg>${rateNames[rate]}</li>`)
  return html`<ul class="legend">${items}</ul>`
}

function shapeOf(shape: SymbolType): string {
  return symbol(shape, 42).digits(2)() ?? ''
}

/** Without neighbours there is no line to see. */
function isAlone(months: readonly MonthOfRates[], index: number, rate: HealthRate): boolean {
  return [index - 1, index + 1].every((neighbour) => (months[neighbour]?.[rate] ?? null) === null)
}

/** Months as an axis: their names, and the year below where it begins. */
import { html, type Html } from '../html-template.ts'
import { round } from './frame.ts'

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Mar 2026` */
export function monthName(month: string): string {
  return `${shortName(month)} ${month.slice(0, 4)}`
}

/** All months from the first to the last one. */
export function monthsBetween(first: string, last: string): readonly string[] {
  const months = [first]
  for (let at = first; at < last; months.push(at)) at = monthAfter(at)
  return months
}

/** @param center where a month stands */
export function monthAxis(months: readonly string[], center: (month: string) => number, step: number, baseline: number): Html {
  const shown = months.filter((_, index) => index % step === 0)
  const first = months[0]
  const last = months.at(-1)
  if (first === undefined || last === undefined) return html``
  return html`<line class="axis" x1="${round(center(first) - 14)}" x2="${round(center(last) + 14)}" y1="${baseline}" y2="${baseline}"/>${
    shown.map((month, index) => html`<text class="tick middle" x="${round(center(month))}" y="${baseline + 16}">${shortName(month)}</text>${
      shown[index - 1]?.slice(0, 4) === month.slice(0, 4) ? null : html`<text class="year middle" x="${round(center(month))}" y="${baseline + 31}">${month.slice(0, 4)}</text>`}`)}`
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

function shortName(month: string): string {
  return names[Number(month.slice(5, 7)) - 1] ?? ''
}

/** The parts of a page about one thing: title, facts, paragraphs, lists. Each gives lines with an end, or nothing for nothing. */
import { count, counted, minute, share } from '../../../src/answers/figures.ts'
import type { BugFigures, BugRates, OutcomeCounts, SeverityCounts } from '../../../src/repositories/items.ts'
import type { Freshness } from '../../../src/repositories/freshness.ts'
import { cleanLines, cleanText } from './clean-text.ts'
import { displayWidth, wrapToWidth } from './display-width.ts'
import { age } from './figures.ts'
import type { Terminal } from './terminal.ts'

/** The parts that are not empty, with a blank line between them. */
export function renderPage(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n')
}

export function title(terminal: Terminal, kind: string, id: number, text: string): string {
  return block(terminal, `${kind} ${id}: ${text}`, 0).map((line) => `${terminal.style('bold', line)}\n`).join('')
}

/** Labels and values in two columns; facts without a value are left out. */
export function facts(terminal: Terminal, rows: readonly (readonly [label: string, value: string | null])[]): string {
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== null && row[1] !== '')
  const labelWidth = Math.max(0, ...known.map(([label]) => displayWidth(label))) + 2
  return known.map(([label, value]) => {
    const [first = '', ...rest] = block(terminal, value, labelWidth)
    return [`${terminal.style('dim', label.padEnd(labelWidth))}${first}\n`, ...rest.map((line) => `${' '.repeat(labelWidth)}${line}\n`)].join('')
  }).join('')
}

/** A heading over something already rendered; nothing when that is empty. */
export function section(terminal: Terminal, heading: string, content: string): string {
  return content === '' ? '' : `${terminal.style('bold', heading)}\n${content}`
}

/** A long text, with its own line breaks. */
export function paragraphs(terminal: Terminal, text: string | null): string {
  return cleanLines(text ?? '').flatMap((line) => block(terminal, line, 2)).map((line) => `${line === '' ? '' : `  ${line}`}\n`).join('')
}

/** A text of ours, broken into lines that fit. */
export function prose(terminal: Terminal, text: string): string {
  return text === '' ? '' : wrapToWidth(text, terminal.width).map((line) => `${line}\n`).join('')
}

export function bullets(terminal: Terminal, items: readonly string[], marker: (index: number) => string = () => '-'): string {
  return items.map((item, index) => {
    const head = `  ${marker(index)} `
    const [first = '', ...rest] = block(terminal, item, head.length)
    return [`${head}${first}\n`, ...rest.map((line) => `${' '.repeat(head.length)}${line}\n`)].join('')
  }).join('')
}

/** `12: 3 open, 5 accepted, …`, without the outcomes that do not occur. */
function outcomeLine(counts: OutcomeCounts): string {
  const parts = [[counts.open, 'open'], [counts.accepted, 'accepted'], [counts.autoAccepted, 'auto-accepted'], [counts.rejected, 'rejected'], [counts.other, 'other']] as const
  const named = parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`)
  return named.length === 0 ? count(counts.total) : `${count(counts.total)}: ${named.join(', ')}`
}

/** What a page says of the bugs of something, as facts. */
export function bugFacts({ bugs, rates, knownBugCount, bugsBySeverity, bugsByKind, bugsByPlatform }: BugFigures): readonly (readonly [label: string, value: string | null])[] {
  return [
    ['Bugs', outcomeLine(bugs)],
    ['Severity', severityLine(bugsBySeverity)],
    ['Kind', bugsByKind.map(({ kind, count: number }) => `${count(number)} ${kind}`).join(', ')],
    ['Platform', bugsByPlatform.map(({ platform, count: number }) => `${count(number)} ${platform ?? 'without a device'}`).join(', ')],
    ['Known', knownBugCount === 0 ? null : counted(knownBugCount, 'bug')],
    ['Rates', rateLine(rates)],
  ]
}

function severityLine({ critical, high, low }: SeverityCounts): string {
  return `${count(critical)} critical, ${count(high)} high, ${count(low)} low`
}

/** Null when there are no bugs to divide by. */
function rateLine(rates: BugRates): string | null {
  if (rates.overallAcceptanceRate === null) return null
  return [
    `${share(rates.overallAcceptanceRate)} accepted (${share(rates.activeAcceptanceRate)} by a person)`,
    `${share(rates.rejectionRate)} rejected`,
    `${share(rates.reviewRate)} reviewed`,
  ].join(', ')
}

/** One line on how old the data are, and what to do when they are too old. */
export function freshnessLine(terminal: Terminal, { asOf, ageSeconds, stale, incomplete }: Freshness): string {
  if (asOf === null) return `${terminal.style('yellow', 'Not synced yet, or not all of it.')} Run tidemark sync.\n`
  const old = ageSeconds === null ? '' : `, ${age(ageSeconds)} old`
  const warning = [...(stale ? ['stale'] : []), ...(incomplete ? ['incomplete'] : [])].join(' and ')
  const line = terminal.style('dim', `Data as of ${minute(asOf)} UTC${old}.`)
  return warning === '' ? `${line}\n` : `${line} ${terminal.style('yellow', `It is ${warning}`)}: run tidemark sync.\n`
}

/** `20 of 143 tests`, or `21–40 of 143 tests` further on. */
export function positionLine(returned: number, offset: number, total: number, one: string, many: string): string {
  if (returned === 0) return `No ${many}.`
  if (returned === total) return counted(total, one, many)
  return offset === 0 ? `${count(returned)} of ${counted(total, one, many)}` : `${count(offset + 1)}–${count(offset + returned)} of ${counted(total, one, many)}`
}

function block(terminal: Terminal, text: string, indent: number): readonly string[] {
  return wrapToWidth(cleanText(text), Math.max(20, terminal.width - indent))
}

/** The findings of the doctor for people: by area, each with its verdict as a sign and a word, and what to do about what is not in order. */
import { counted } from '../../../src/answers/figures.ts'
import { areas, type Area, type Finding, type Verdict } from '../../../src/doctor/finding.ts'
import { cleanText } from '../render/clean-text.ts'
import { wrapToWidth } from '../render/display-width.ts'
import { renderPage, section } from '../render/page.ts'
import type { Style, Terminal } from '../render/terminal.ts'

const headings: Readonly<Record<Area, string>> = {
  versions: 'Versions', configuration: 'Configuration', database: 'Database', derived_data: 'Derived data', sync: 'Sync', api: 'API', mcp: 'MCP',
}

const signs: Readonly<Record<Verdict, { readonly sign: string; readonly style: Style }>> = {
  ok: { sign: '✓', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  failed: { sign: '✗', style: 'red' },
  skipped: { sign: '-', style: 'dim' },
}

/** Behind the sign and the longest word. */
const indent = '  - skipped  '.length

export function renderFindings(terminal: Terminal, findings: readonly Finding[]): string {
  return renderPage([
    ...areas.map((area) => section(terminal, headings[area], findings.filter((finding) => finding.area === area).map((finding) => renderFinding(terminal, finding)).join(''))),
    `${summaryLine(findings)}\n`,
  ])
}

function renderFinding(terminal: Terminal, { status, what, why, next }: Finding): string {
  const { sign, style } = signs[status]
  const head = `  ${terminal.style(style, `${sign} ${status.padEnd(7)}`)}  `
  return [
    part(terminal, head, indent, what),
    ...(why === null ? [] : [part(terminal, `${' '.repeat(indent)}${terminal.style('dim', 'Why:')}  `, indent + 6, why)]),
    ...(next === null ? [] : [part(terminal, `${' '.repeat(indent)}${terminal.style('dim', 'Next:')} `, indent + 6, next)]),
  ].join('')
}

function part(terminal: Terminal, head: string, width: number, text: string): string {
  const [first = '', ...rest] = wrapToWidth(cleanText(text), Math.max(20, terminal.width - width))
  return [`${head}${first}\n`, ...rest.map((line) => `${' '.repeat(width)}${line}\n`)].join('')
}

function summaryLine(findings: readonly Finding[]): string {
  const { ok, warning, failed, skipped } = countVerdicts(findings)
  const counts = `${ok} ok, ${counted(warning, 'warning')}, ${failed} failed, ${skipped} skipped`
  return failed > 0 ? `Something does not work: ${counts}.` : warning > 0 ? `It works, with warnings: ${counts}.` : `All in order: ${counts}.`
}

export function countVerdicts(findings: readonly Finding[]): Readonly<Record<Verdict, number>> {
  const count = (status: Verdict): number => findings.filter((finding) => finding.status === status).length
  return { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') }
}

/** What is in quarantine, for people: which record, since when, how often it was tried, and when it is tried next. */
import { counted, day, minute } from '../../../src/answers/figures.ts'
import type { QuarantineEntry } from '../../../src/sync/quarantine.ts'
import { cleanText } from '../render/clean-text.ts'
import { bullets, prose, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import type { ProductNames } from './product-names.ts'

export function renderQuarantine(terminal: Terminal, entries: readonly QuarantineEntry[], names: ProductNames): string {
  if (entries.length === 0) return 'Nothing is in quarantine.\n'
  const again = entries.length === 1 ? 'It is tried again by itself' : 'They are tried again by themselves'
  return renderPage([
    renderTable(terminal, columns(names), entries),
    prose(terminal, `${counted(entries.length, 'record')} cannot be read. ${again}; tidemark quarantine retry tries now.`),
    section(terminal, 'Why', bullets(terminal, reasons(entries))),
  ])
}

function columns(names: ProductNames): readonly Column<QuarantineEntry>[] {
  return [
    { head: 'Product', shrinks: true, text: ({ productId }) => (productId === null ? '–' : names.titleOf(productId)) },
    { head: 'Record', shrinks: true, text: recordOf },
    { head: 'Since', text: ({ firstSeenAt }) => day(firstSeenAt) },
    { head: 'Tries', align: 'right', text: ({ attempts }) => String(attempts) },
    { head: 'Next try (UTC)', text: ({ nextRetryAt }) => minute(nextRetryAt) },
  ]
}

const one = { products: 'product', reject_reasons: 'reject reason', features: 'feature', tests: 'test', bugs: 'bug' } as const

/** `test 7`, `test behind 6`, `no. 2 behind test 6`, `first test`, `test no. 2`, `bugs of test 5`. */
function recordOf({ stream, key, entityId }: QuarantineEntry): string {
  if (entityId !== null) return `${one[stream]} ${entityId}`
  const [, kind = '', id = '', , more] = /^(after|test|first):?(\d*)(\+(\d+))?$/.exec(key) ?? []
  const word = one[stream]
  if (kind === 'test') return `bugs of test ${id}`
  if (kind === 'after') return more === undefined ? `${word} behind ${id}` : `no. ${more} behind ${word} ${id}`
  if (kind === 'first') return more === undefined ? `first ${word}` : `${word} no. ${more}`
  return `${word} without an id`
}

function reasons(entries: readonly QuarantineEntry[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { reason, code } of entries) {
    const text = `${cleanText(reason)} (${code})`
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, number]) => (counts.size === 1 ? text : `${counted(number, 'record')}: ${text}`))
}

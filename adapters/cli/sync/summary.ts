/**
 * What a sync did, for people: one line on the whole, a table of the products in which something happened, and for what
 * could not be read why that was and what to do. Equal reasons are told once.
 */
import { count, counted } from '../../../src/answers/figures.ts'
import type { SyncOutcome, SyncResult, SyncStep } from '../../../src/sync/types.ts'
import { cleanText } from '../render/clean-text.ts'
import { seconds } from '../render/figures.ts'
import { bullets, prose, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Style, Terminal } from '../render/terminal.ts'
import { places } from './places.ts'
import type { ProductNames } from './product-names.ts'

export interface SummaryOptions {
  readonly names: ProductNames
  /** With the table of products. Default true. */
  readonly products?: boolean | undefined
}

export function renderSync(terminal: Terminal, result: SyncResult, { names, products = true }: SummaryOptions): string {
  const rows = products ? productRows(result.steps) : []
  const unread = rows.filter((row) => row.steps.every(isUnread))
  const eventful = rows.filter((row) => row.steps.some(isEventful) && (unread.length <= mostUnreadRows || !unread.includes(row)))
  return renderPage([
    head(terminal, result),
    eventful.length === 0 ? '' : renderTable(terminal, columns(names), eventful),
    others(rows.length - eventful.length, unread.length > mostUnreadRows ? unread.length : 0),
    section(terminal, 'What could not be read', reasons(terminal, result.steps, names)),
    prose(terminal, advice(result)),
  ])
}

const headlines: Readonly<Record<SyncOutcome, string>> = {
  success: 'Synced.',
  partial: 'Synced, but not everything could be read.',
  failed: 'The sync failed.',
  cancelled: 'The sync was stopped.',
  interrupted: 'The sync was interrupted.',
}
const outcomeStyle = { success: 'green', partial: 'yellow', failed: 'red', cancelled: 'yellow', interrupted: 'red' } as const satisfies Record<SyncOutcome, Style>

function head(terminal: Terminal, result: SyncResult): string {
  const took = seconds((Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000)
  const parts = [[result.new, 'new'], [result.changed, 'changed'], [result.deleted, 'gone'], [result.unchanged, 'as before'], [result.quarantined, 'unreadable']] as const
  const counts = parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`).join(', ') || 'Nothing was read'
  const run = result.runId === null ? '' : `Run ${result.runId}: `
  return `${terminal.style(outcomeStyle[result.outcome], headlines[result.outcome])}\n${prose(terminal, `${counts}. ${run}${counted(result.requests, 'request')} in ${took}.`)}`
}

function advice({ mode, outcome, runId }: SyncResult): string {
  if (runId === null) return 'This was a dry run: nothing was written.'
  if (outcome === 'success') return ''
  if (mode === 'rebuild') return 'The copy is as it was before: only a complete one takes its place.'
  return {
    partial: 'What could not be read is kept as it was. Run tidemark sync again later; it tries again.',
    failed: 'What was read before is kept. Correct the cause and run tidemark sync again.',
    cancelled: 'What was read is kept. Run tidemark sync again to go on.',
    interrupted: 'What was read is kept. Run tidemark sync again to go on.',
  }[outcome]
}

interface ProductRow {
  readonly productId: number
  readonly steps: readonly SyncStep[]
}

function productRows(steps: readonly SyncStep[]): readonly ProductRow[] {
  const ids = new Set(steps.flatMap(({ productId }) => (productId === null ? [] : [productId])))
  return [...ids].sort((a, b) => a - b).map((productId) => ({ productId, steps: steps.filter((step) => step.productId === productId) }))
}

/** What the table leaves out. */
function others(count: number, unread: number): string {
  const parts = [[count - unread, 'as before'], [unread, 'could not be read at all']] as const
  return parts.filter(([number]) => number > 0).map(([number, words]) => `${counted(number, 'product')} ${words}.\n`).join('')
}

/** In an outage it would be all of them. */
const mostUnreadRows = 5

function isUnread(step: SyncStep): boolean {
  return step.outcome === 'failed' && step.new + step.changed + step.unchanged + step.deleted === 0
}

function isEventful(step: SyncStep): boolean {
  return step.outcome !== 'success' || step.new + step.changed + step.deleted + step.quarantined > 0
}

function columns(names: ProductNames): readonly Column<ProductRow>[] {
  const stream = (head: string, name: SyncStep['stream']): Column<ProductRow> => {
    const find = ({ steps }: ProductRow) => steps.find((step) => step.stream === name)
    return { head, shrinks: true, text: (row) => cell(find(row)), style: (row) => cellStyle(find(row)) }
  }
  return [
    { head: 'ID', align: 'right', text: ({ productId }) => String(productId) },
    { head: 'Product', shrinks: true, text: ({ productId }) => names.nameOf(productId) ?? '–' },
    stream('Features', 'features'), stream('Tests', 'tests'), stream('Bugs', 'bugs'),
  ]
}

const unfinished: Readonly<Partial<Record<SyncOutcome, string>>> = { failed: 'failed', cancelled: 'stopped', interrupted: 'interrupted' }

function cell(step: SyncStep | undefined): string {
  if (step === undefined) return '–'
  const parts = [[step.new, 'new'], [step.changed, 'changed'], [step.deleted, 'gone'], [step.quarantined, 'unreadable']] as const
  const news = parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`)
  // What was quarantined says itself that the stream is not whole.
  const word = unfinished[step.outcome] ?? (step.outcome === 'partial' && step.quarantined === 0 ? 'incomplete' : undefined)
  return [...(word === undefined ? [] : [word]), ...news].join(', ') || (step.unchanged === 0 ? 'none' : 'as before')
}

function cellStyle(step: SyncStep | undefined): Style | undefined {
  if (step === undefined || !isEventful(step)) return 'dim'
  if (step.outcome === 'success') return undefined
  return step.outcome === 'failed' ? 'red' : 'yellow'
}

/** One entry a reason, with everything that failed for it. */
function reasons(terminal: Terminal, steps: readonly SyncStep[], names: ProductNames): string {
  const byReason = new Map<string, SyncStep[]>()
  for (const step of steps) {
    // What was cut short when somebody stopped it did not go wrong.
    if (step.error === null || step.error.code === 'aborted') continue
    // The first line names the place, which is told in words of its own.
    const reason = step.error.message.split('\n').slice(1).map(sentence).join(' ')
    byReason.set(reason, [...(byReason.get(reason) ?? []), step])
  }
  return bullets(terminal, [...byReason].map(([reason, failed]) => `${places(failed, names)}: ${cleanText(reason)} (${failed[0]?.error?.code ?? ''})`))
}

function sentence(line: string): string {
  return /[.!?:…]$/.test(line) ? line : `${line}.`
}

/** `tidemark sync`: brings the local copy up to date and says what happened, part by part. */
import { Option, type Command } from 'commander'
import type { SyncMode, SyncOptions, SyncOutcome, SyncResult, SyncStep } from '../../../src/sync/types.ts'
import type { Tidemark } from '../../../src/tidemark.ts'
import { idsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { exitCode, type ExitCode } from '../io.ts'
import { createProgressDisplay } from '../progress.ts'
import { cleanText } from '../render/clean-text.ts'
import { count, counted } from '../render/figures.ts'
import { bullets, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { withTidemark } from '../session.ts'

interface SyncFlags {
  readonly mode?: SyncMode | undefined
  readonly productIds?: readonly number[] | undefined
  readonly since?: string | undefined
  readonly dryRun?: boolean | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Brings the local copy up to date. What was read is kept, also when the sync is stopped; the next one goes on from there.\n' +
        'Exit code 0: everything was read. 1: it failed or was stopped. 3: it finished, but something could not be read.',
    )
    .addOption(new Option('--mode <mode>', 'hybrid reads what can have changed (default), force reads everything again').choices(['hybrid', 'force'] satisfies SyncMode[]))
    .option('--products, --product-ids <ids>', 'only these products, for example 598,599 (default: TIDEMARK_PRODUCT_IDS, else all)', idsValue)
    .option('--since <when>', 'leave older tests alone: a date, or a phrase like "30 days ago" (default: TIDEMARK_SYNC_SINCE, else everything)')
    .option('--dry-run', 'read and compare, write nothing')
    .addHelpText('after', examples(['tidemark sync', 'tidemark sync --products 598 --since "30 days ago"', 'tidemark sync --mode force --json']))
    .action(async () => {
      const { productIds, ...flags } = command.opts<SyncFlags>()
      const result = await withTidemark(invocation, ['token'], (tidemark, configuration) =>
        syncWithProgress(invocation, tidemark, { ...flags, products: productIds ?? configuration.productIds, since: flags.since ?? configuration.since }),
      )
      if (invocation.flags.json === true) invocation.printJson(result)
      else invocation.print(renderSync(invocation.out, result))
      invocation.exit = syncExitCode(result.outcome)
    })
}

/** Runs a sync, with its progress on standard error; the person's wish to stop cancels it. */
export async function syncWithProgress(invocation: Invocation, tidemark: Tidemark, options: SyncOptions): Promise<SyncResult> {
  const display = createProgressDisplay(invocation)
  try {
    return await tidemark.sync({ ...options, signal: invocation.io.signal, onProgress: (progress) => display.show(progress) })
  } finally {
    display.stop()
  }
}

export function syncExitCode(outcome: SyncOutcome): ExitCode {
  if (outcome === 'success') return exitCode.success
  return outcome === 'partial' ? exitCode.partial : exitCode.failed
}

/** What happened, for people: one line, then (unless they are not wanted) the products, then what went wrong. */
export function renderSync(terminal: Terminal, result: SyncResult, { products = true }: { readonly products?: boolean } = {}): string {
  const seconds = (Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000
  const head = `${terminal.style(outcomeStyle[result.outcome], headlines[result.outcome])} ${changes(result)}; ${counted(result.requests, 'request')} in ${seconds.toFixed(1)} s.`
  const rows = products ? productRows(result.steps) : []
  return renderPage([
    `${head}\n${result.runId === null ? 'This was a dry run: nothing was written.\n' : ''}`,
    rows.length === 0 ? '' : renderTable(terminal, columns, rows),
    section(terminal, 'What went wrong', bullets(terminal, result.steps.flatMap(failure))),
    result.outcome === 'success' ? '' : advice[result.outcome],
  ])
}

const headlines: Readonly<Record<SyncOutcome, string>> = {
  success: 'Synced.',
  partial: 'Synced, but not everything could be read.',
  failed: 'The sync failed.',
  cancelled: 'The sync was stopped.',
  interrupted: 'The sync was interrupted.',
}
const outcomeStyle = { success: 'green', partial: 'yellow', failed: 'red', cancelled: 'yellow', interrupted: 'red' } as const
const advice = {
  partial: 'What could not be read is kept as it was. Run tidemark sync again later; it tries again.\n',
  failed: 'What was read before is kept. Correct the cause and run tidemark sync again.\n',
  cancelled: 'What was read before is kept. Run tidemark sync again to go on.\n',
  interrupted: 'What was read before is kept. Run tidemark sync again to go on.\n',
} as const

function changes(result: Pick<SyncResult, 'new' | 'changed' | 'unchanged' | 'quarantined'>): string {
  const parts = [`${count(result.new)} new`, `${count(result.changed)} changed`, `${count(result.unchanged)} unchanged`]
  return [...parts, ...(result.quarantined === 0 ? [] : [`${count(result.quarantined)} unreadable`])].join(', ')
}

interface ProductRow {
  readonly productId: number
  readonly features: SyncStep | undefined
  readonly tests: SyncStep | undefined
  readonly bugs: SyncStep | undefined
}

function productRows(steps: readonly SyncStep[]): readonly ProductRow[] {
  const ids = [...new Set(steps.map((step) => step.productId))].filter((id) => id !== null).sort((a, b) => a - b)
  const find = (productId: number, stream: string) => steps.find((step) => step.productId === productId && step.stream === stream)
  return ids.map((productId) => ({ productId, features: find(productId, 'features'), tests: find(productId, 'tests'), bugs: find(productId, 'bugs') }))
}

const columns: readonly Column<ProductRow>[] = [
  { head: 'Product', align: 'right', text: (row) => String(row.productId) },
  { head: 'Features', shrinks: true, text: (row) => cell(row.features), style: (row) => cellStyle(row.features) },
  { head: 'Tests', shrinks: true, text: (row) => cell(row.tests), style: (row) => cellStyle(row.tests) },
  { head: 'Bugs', shrinks: true, text: (row) => cell(row.bugs), style: (row) => cellStyle(row.bugs) },
]

function cell(step: SyncStep | undefined): string {
  if (step === undefined) return '–'
  const parts = [[step.new, 'new'], [step.changed, 'changed'], [step.quarantined, 'unreadable']] as const
  const news = parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`)
  const text = news.length > 0 ? news.join(', ') : `${count(step.unchanged)} as before`
  return step.outcome === 'success' ? text : `${step.outcome}: ${text}`
}

function cellStyle(step: SyncStep | undefined): 'red' | 'yellow' | undefined {
  if (step === undefined || step.outcome === 'success') return undefined
  return step.outcome === 'failed' ? 'red' : 'yellow'
}

function failure(step: SyncStep): readonly string[] {
  // What was cut short when somebody stopped it did not go wrong.
  if (step.error === null || step.error.code === 'aborted') return []
  const where = step.productId === null ? step.stream : `${step.stream} of product ${step.productId}`
  const sentences = step.error.message.split('\n').map((line) => (/[.!?:…]$/.test(line) ? line : `${line}.`))
  return [`${where.replace('_', ' ')}: ${cleanText(sentences.join(' '))} (${step.error.code})`]
}

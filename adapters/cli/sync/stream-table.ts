/**
 * How far each stream can be trusted: how old it is, one row a product, and below that what speaks against it. Where there
 * are many products, those that are as they should be are only counted.
 */
import { count, counted, day, minute } from '../../../src/answers/figures.ts'
import type { StreamReport } from '../../../src/sync/status.ts'
import { age } from '../render/figures.ts'
import { bullets, facts, renderPage } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Style, Terminal } from '../render/terminal.ts'
import { places } from './places.ts'
import type { ProductNames } from './product-names.ts'

interface ProductRow {
  readonly productId: number
  readonly streams: readonly StreamReport[]
}

const mostRows = 20

export function renderStreams(terminal: Terminal, streams: readonly StreamReport[], names: ProductNames, now: number): string {
  const rows = productRows(streams)
  const shown = rows.length <= mostRows ? rows : rows.filter((row) => row.streams.some(isTroubled))
  const others = rows.filter((row) => !shown.includes(row)).flatMap((row) => row.streams)
  return renderPage([
    facts(terminal, streams.filter(({ productId }) => productId === null).map((stream) => [places([stream], names), cell(stream, now)])),
    shown.length === 0 ? '' : renderTable(terminal, columns(names, now), shown),
    others.length === 0 ? '' : `${counted(rows.length - shown.length, 'product')}${shown.length === 0 ? '' : ' more'}, complete; the oldest stream was read ${oldest(others, now)}.\n`,
    bullets(terminal, troubles(streams, names)),
  ])
}

function productRows(streams: readonly StreamReport[]): readonly ProductRow[] {
  const ids = new Set(streams.flatMap(({ productId }) => (productId === null ? [] : [productId])))
  return [...ids].map((productId) => ({ productId, streams: streams.filter((stream) => stream.productId === productId) }))
}

function isTroubled({ lastSuccessAt, lastErrorCode, quarantined }: StreamReport): boolean {
  return lastSuccessAt === null || lastErrorCode !== null || quarantined > 0
}

function columns(names: ProductNames, now: number): readonly Column<ProductRow>[] {
  const column = (head: string, name: StreamReport['stream']): Column<ProductRow> => {
    const find = ({ streams }: ProductRow) => streams.find((stream) => stream.stream === name)
    return { head, text: (row) => cell(find(row), now), style: (row) => cellStyle(find(row)) }
  }
  return [
    { head: 'ID', align: 'right', text: ({ productId }) => String(productId) },
    { head: 'Product', shrinks: true, text: ({ productId }) => names.nameOf(productId) ?? '–' },
    column('Features', 'features'), column('Tests', 'tests'), column('Bugs', 'bugs'),
  ]
}

/** `5 min ago`, with a star where something speaks against it. */
function cell(stream: StreamReport | undefined, now: number): string {
  if (stream === undefined) return 'never'
  const read = stream.lastSuccessAt === null ? 'never' : ago(stream.lastSuccessAt, now)
  return isTroubled(stream) ? `${read} *` : read
}

function cellStyle(stream: StreamReport | undefined): Style | undefined {
  if (stream === undefined || stream.lastSuccessAt === null) return 'red'
  return isTroubled(stream) ? 'yellow' : undefined
}

/** What the stars mean, equal ones together; and how far back the others go, where that is not all the way. */
function troubles(streams: readonly StreamReport[], names: ProductNames): readonly string[] {
  const byText = new Map<string, StreamReport[]>()
  for (const stream of streams) {
    const text = trouble(stream)
    if (text !== '') byText.set(text, [...(byText.get(text) ?? []), stream])
  }
  return [...byText].map(([text, troubled]) => `${places(troubled, names)}: ${text}.`)
}

function trouble({ lastSuccessAt, completeFrom, quarantined, failures, lastErrorCode, nextAttemptAt }: StreamReport): string {
  return [
    ...(lastSuccessAt === null ? ['never read completely'] : []),
    ...(completeFrom === null ? [] : [`complete from ${day(completeFrom)} on`]),
    ...(quarantined === 0 ? [] : [`${counted(quarantined, 'record')} in quarantine`]),
    ...(failures === 0 ? [] : [`failed ${failures === 1 ? 'once' : `${count(failures)} times in a row`} (${lastErrorCode ?? 'unknown'})`]),
    ...(nextAttemptAt === null ? [] : [`not tried by itself before ${minute(nextAttemptAt)} UTC`]),
  ].join(', ')
}

function oldest(streams: readonly StreamReport[], now: number): string {
  const [first] = streams.map(({ lastSuccessAt }) => lastSuccessAt ?? '').toSorted()
  return ago(first ?? '', now)
}

function ago(instant: string, now: number): string {
  return `${age(Math.max(0, (now - Date.parse(instant)) / 1000))} ago`
}

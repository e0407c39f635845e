/**
 * Rows as a table that fits the terminal: numbers to the right, one line a row, too long texts cut with an ellipsis.
 * Every cell and heading is cleaned here, so that no caller can forget it; styles are put on afterwards.
 */
import { cleanText } from './clean-text.ts'
import { cutToWidth, displayWidth } from './display-width.ts'
import type { Style, Terminal } from './terminal.ts'

export interface Column<Item> {
  readonly head: string
  readonly align?: 'left' | 'right' | undefined
  /** Gives cells away when the table is too wide, down to its heading or 8. Default false. */
  readonly shrinks?: boolean | undefined
  /** Left out, the last one first, where a shrinking column would otherwise be cut below 24 cells. Default false. */
  readonly spare?: boolean | undefined
  readonly style?: ((item: Item) => Style | undefined) | undefined
  text(item: Item): string
}

/** The table as lines, with a line break at the end. */
export function renderTable<Item>(terminal: Terminal, columns: readonly Column<Item>[], items: readonly Item[]): string {
  const shown = layOut(terminal.width, columns.map((column) => {
    const cells = items.map((item) => cleanText(column.text(item)))
    return { column, cells, width: Math.max(displayWidth(column.head), ...cells.map(displayWidth)) }
  }))
  const line = (cell: (place: Measured<Item>) => string): string => shown.map(cell).join(gap).trimEnd()
  return [
    line(({ column, width }) => padded(column, width, cutToWidth(column.head, width), (text) => terminal.style('bold', text))),
    line(({ width }) => '─'.repeat(width)),
    ...items.map((item, row) => line(({ column, cells, width }) => {
      const style = column.style?.(item)
      return padded(column, width, cutToWidth(cells[row] ?? '', width), (text) => (style === undefined ? text : terminal.style(style, text)))
    })),
    '',
  ].join('\n')
}

const gap = '  '

/** Padded by the width that it was cut by: libraries for tables measure some scripts otherwise, and would break the line. */
function padded({ align }: Pick<Column<never>, 'align'>, width: number, text: string, styled: (text: string) => string): string {
  const room = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'right' ? `${room}${styled(text)}` : `${styled(text)}${room}`
}

/** A column with its clean cells and the width that it gets, at first the one that it would like. */
interface Measured<Item> {
  readonly column: Column<Item>
  readonly cells: readonly string[]
  readonly width: number
}

const readable = 24

function layOut<Item>(available: number, columns: readonly Measured<Item>[]): readonly Measured<Item>[] {
  const fitted = fit(available, columns)
  const unreadable = fitted.some(({ width }, index) => width < Math.min(readable, columns[index]?.width ?? 0))
  const spare = columns.findLastIndex(({ column }) => column.spare === true)
  return unreadable && spare !== -1 ? layOut(available, columns.toSpliced(spare, 1)) : fitted
}

/** The natural widths where they fit; else the widest of the shrinking columns gives way first. */
function fit<Item>(available: number, columns: readonly Measured<Item>[]): readonly Measured<Item>[] {
  const widths = columns.map(({ width }) => width)
  const least = columns.map(({ column, width }) => (column.shrinks === true ? Math.max(8, displayWidth(column.head)) : width))
  let excess = widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - available
  for (; excess > 0; excess -= 1) {
    const widest = widths.reduce((best, width, index) => (width > (least[index] ?? 0) && width > (widths[best] ?? 0) ? index : best), -1)
    if (widest === -1) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return columns.map((column, index) => ({ ...column, width: widths[index] ?? column.width }))
}

/** Bars of block characters behind the rows of a table, for eyes: they take the cells that the table leaves free. */
import { displayWidth } from '../render/display-width.ts'
import type { Column } from '../render/table.ts'

const widest = 40
const narrowest = 8
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/**
 * One more column with a bar for each item; none where less than eight cells are free, or there is nothing to draw.
 *
 * @param figure what a bar shows; none for items without a bar
 */
export function barColumn<Item>(width: number, columns: readonly Column<Item>[], items: readonly Item[], figure: (item: Item) => number | null): readonly Column<Item>[] {
  const used = columns.reduce((sum, column) => sum + 2 + Math.max(displayWidth(column.head), ...items.map((item) => displayWidth(column.text(item)))), 0)
  const cells = Math.min(widest, width - used)
  const largest = Math.max(0, ...items.map((item) => figure(item) ?? 0))
  if (cells < narrowest || largest === 0) return []
  return [{ head: '', style: () => 'cyan', text: (item) => bar(((figure(item) ?? 0) / largest) * cells) }]
}

/** So many cells long, to an eighth; what is more than nothing can be seen. */
function bar(length: number): string {
  const parts = length <= 0 ? 0 : Math.max(1, Math.round(length * 8))
  return `${'█'.repeat(Math.floor(parts / 8))}${eighths[parts % 8] ?? ''}`
}

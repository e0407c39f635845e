/** Growth as a table for a terminal: one row an operation, one column a size. */
import Table from 'cli-table3'
import type { GrowthFigure } from './scale.ts'

export function growthTable(figures: readonly GrowthFigure[]): string {
  const table = new Table({
    head: ['engine', 'more', 'operation', 'p50/p95 ms at 0.1 ×', '1 ×', '10 ×', 'p95 10 × / 1 ×', 'allowed', 'exponent'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { engine, of, operation, allowed, sizes, growth, exponent } of figures) {
    table.push([engine, of, operation, ...sizes.map(({ p50, p95 }) => `${p50.toFixed(2)} / ${p95.toFixed(2)}`), growth.toFixed(2), allowed === 'flat' ? '< 1.5' : (allowed ?? '–'), exponent.toFixed(2)])
  }
  return `scale\n${table.toString()}\n`
}

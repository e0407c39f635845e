/** Figures as a table for a terminal: the library and, beside it, the best that we know without it. */
import Table from 'cli-table3'
import type { Figure } from './figure.ts'

export function figureTable(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['engine', 'operation', 'p50 ms', 'p95 ms', 'p99 ms', 'target p95', 'by hand p50', 'p95', 'ratio', 'allowed', 'counts', 'inside'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const { engine, operation, times, reference, ratio, counts, work = {}, limits } of figures) {
    table.push([
      engine, operation, ms(times?.p50), ms(times?.p95), ms(times?.p99), limits.p95 === undefined ? '' : `≤ ${limits.p95}`,
      ms(reference?.p50), ms(reference?.p95), ratio?.toFixed(2) ?? '', limits.ratio === undefined ? '' : `≤ ${limits.ratio}`,
      listed(counts), listed(work),
    ])
  }
  return table.toString()
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')
}

function ms(value: number | undefined): string {
  return value?.toFixed(2) ?? ''
}

/** The parts of a line that says how far something is. */
import { cutToWidth } from './display-width.ts'

/** @param share 0–1 */
export function bar(share: number, cells: number): string {
  const full = Math.floor(share * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)}`
}

/** `52 %`; 100 only when it is all. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}

/** The parts with two spaces between them, those that are empty left out, cut to the width. */
export function inColumns(parts: readonly string[], width: number): string {
  return cutToWidth(parts.filter((part) => part !== '').join('  '), width)
}

/**
 * CSV after RFC 4180, for every surface: commas, CRLF behind every line, quotes where they are needed. Numbers stay as they
 * are; text that a spreadsheet would take for a formula gets an apostrophe in front, since titles are written by strangers.
 */

export type CsvCell = string | number | boolean | null

/** One line with its end; null is an empty cell. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(value: CsvCell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const harmless = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

// What spreadsheets evaluate: = + - @, also as full-width characters, and behind white space that an import takes away.
const formula = /^[\s\0]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r]/u

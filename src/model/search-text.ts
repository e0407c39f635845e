/**
 * Folding for "contains, in any case". Done here and stored, because the engines fold differently (SQLite only ASCII,
 * PostgreSQL by its locale) and the same question must have the same answer on all of them.
 */

/** The text in one Unicode form and lower case; parts are joined by a line break. Null parts are left out. */
export function searchText(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('\n').normalize('NFC').toLowerCase()
}

/** A LIKE pattern (with `\` as escape) that finds `text` anywhere in a folded column. */
export function containsPattern(text: string): string {
  return `%${searchText(text.trim()).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}

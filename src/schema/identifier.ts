/** The one place where a name becomes part of SQL text. Both dialects quote alike. */

/** Quotes a table, column or constraint name. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError(`Cannot use ${JSON.stringify(name)} as a name in SQL`)
  return `"${name.replaceAll('"', '""')}"`
}

/** `("a", "b")` */
export function quoteList(names: readonly string[]): string {
  return `(${names.map(quoteIdentifier).join(', ')})`
}

/** A string literal, for the places of DDL where nothing can be bound: defaults, comments, lists of enum values. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new TypeError('Cannot use a text with a NUL character in DDL')
  return `'${text.replaceAll("'", "''")}'`
}

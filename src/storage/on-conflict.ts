/** What an INSERT does with a row whose key exists; both dialects say it alike. */
import { quoteIdentifier, quoteList } from '../schema/identifier.ts'

export type OnConflict =
  /** Every given column is updated; of several rows with one key the last one counts. `keys`: the columns of the primary key or of a unique constraint. */
  | { readonly onConflict: 'update'; readonly keys: readonly string[] }
  /**
   * It is left as it is, whichever of its keys exists: named by one of them, PostgreSQL would still fail on the other
   * when two writers bring the same new row at once.
   */
  | { readonly onConflict: 'ignore' }

export function conflictClause(columns: readonly string[], options: OnConflict): string {
  if (options.onConflict === 'ignore') return 'on conflict do nothing'
  const updated = columns.filter((column) => !options.keys.includes(column)).map((column) => `${quoteIdentifier(column)} = excluded.${quoteIdentifier(column)}`)
  return `on conflict ${quoteList(options.keys)} ${updated.length === 0 ? 'do nothing' : `do update set ${updated.join(', ')}`}`
}

/**
 * Foreign keys while their enforcement is suspended. SQLite can only switch it outside of a transaction, and with it on,
 * a rebuild would delete the rows of child tables; so a migration runs without it and counts afterwards what would not
 * hold. Violations that were there before are nobody's fault and do not stop it.
 */
import { TidemarkError } from '../../errors.ts'
import type { Transaction } from '../storage.ts'

/** Violations by `child → parent`; undefined when SQLite cannot even check (a parent key without a unique index). */
export type Violations = ReadonlyMap<string, number> | undefined

export async function foreignKeyViolations(tx: Transaction): Promise<Violations> {
  try {
    // In a savepoint, because a failed check must not end the transaction around it.
    const { rows } = await tx.transaction((inner) =>
      inner.query<{ pair: string; violations: number }>({
        sql: `select "table" || ' → ' || parent as pair, count(*) as violations from pragma_foreign_key_check group by 1`,
      }),
    )
    return new Map(rows.map((row) => [row.pair, row.violations]))
  } catch {
    return undefined
  }
}

/** @throws TidemarkError `foreign_key_violated` when there are more violations than `before` */
export async function requireNoNewViolations(tx: Transaction, before: Violations): Promise<void> {
  if (before === undefined) return
  const after = await foreignKeyViolations(tx)
  const grown = [...(after ?? [])].filter(([pair, count]) => count > (before.get(pair) ?? 0)).map(([pair]) => pair)
  if (after !== undefined && grown.length === 0) return
  throw new TidemarkError('foreign_key_violated', 'Cannot finish the migration: foreign keys would not hold', {
    why: after === undefined ? 'A foreign key refers to columns that are no longer a key.' : `Rows would refer to rows that are not there: ${grown.join(', ')}. Foreign keys are suspended while a migration runs on SQLite, so a delete does not cascade.`,
    next: 'Change or delete the rows of the child table in the same revision, before those they refer to.',
    details: { pairs: grown },
  })
}

/** For a script: the same as a query, to be kept in a table. */
export const rememberViolations = `select "table" as child, parent, count(*) as violations from pragma_foreign_key_check group by 1, 2`

/** For a script: holds when there are no more violations than the table remembers. */
export function newViolationsCondition(remembered: string): string {
  return `not exists (select 1 from pragma_foreign_key_check as now group by now."table", now.parent
    having count(*) > coalesce((select violations from ${remembered} where child = now."table" and parent = now.parent), 0))`
}

/** @throws TidemarkError `foreign_key_violated` when another table refers to this one */
export async function requireUnreferenced(tx: Transaction, table: string): Promise<void> {
  const { rows } = await tx.query<{ name: string }>({
    sql: `select distinct m.name from sqlite_schema as m join pragma_foreign_key_list(m.name) as f
      where m.type = 'table' and f."table" = ? collate nocase and m.name <> ? collate nocase order by m.name`,
    parameters: [table, table],
  })
  if (rows.length === 0) return
  throw new TidemarkError('foreign_key_violated', `Cannot drop table "${table}"`, {
    why: `Foreign keys refer to it: of ${rows.map((row) => `"${row.name}"`).join(', ')}.`,
    next: 'Drop those foreign keys or tables first.',
    details: { table },
  })
}

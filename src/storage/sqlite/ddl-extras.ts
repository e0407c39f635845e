/** What SQLite's clauses say beyond a declaration, in one spelling; what SQLite reads and ignores is left out. */
import type { Clause, StoredColumn, StoredTable } from './ddl-table.ts'
import { type Token, isKeyword, isName } from './ddl-tokens.ts'

export function tableExtras({ strict, withoutRowid }: StoredTable): readonly string[] {
  return [...(strict ? ['strict'] : []), ...(withoutRowid ? ['without rowid'] : [])]
}

export function columnExtras({ clauses }: StoredColumn): readonly string[] {
  return clauses.flatMap((clause) => (clause.kind === 'collate' ? collation(clause.tokens) : clause.kind === 'notNull' ? conflict(clause.tokens) : []))
}

/** Of a primary key, a unique or a foreign key. */
export function clauseExtras(clause: Clause): readonly string[] {
  const { kind, tokens } = clause
  if (kind === 'foreignKey') return isDeferred(tokens) ? ['deferrable initially deferred'] : []
  const descending = clause.descending === true || tokens.some((token) => isKeyword(token, 'DESC'))
  return [...(clause.autoincrement === true ? ['autoincrement'] : []), ...collation(tokens), ...(descending ? ['desc'] : []), ...conflict(tokens)]
}

function collation(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token, position) => {
    const name = tokens[position + 1]
    return isKeyword(token, 'COLLATE') && isName(name) && name.value.toLowerCase() !== 'binary' ? [`collate ${name.value.toLowerCase()}`] : []
  })
}

/** `on conflict abort` is what happens anyway. */
function conflict(tokens: readonly Token[]): readonly string[] {
  const at = tokens.findIndex((token) => isKeyword(token, 'CONFLICT'))
  const way = tokens[at + 1]?.value.toLowerCase()
  return at < 0 || way === undefined || way === 'abort' ? [] : [`on conflict ${way}`]
}

function isDeferred(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex((token, position) => isKeyword(token, 'DEFERRABLE') && !isKeyword(tokens[position - 1], 'NOT'))
  return at >= 0 && isKeyword(tokens[at + 1], 'INITIALLY') && isKeyword(tokens[at + 2], 'DEFERRED')
}

/**
 * Changes to a table as edits of its stored CREATE TABLE text. Only the clause in question is touched: whatever this kit
 * cannot express itself (collations, conflict clauses, AUTOINCREMENT, STRICT, comments, …) stays as it was written.
 */
import { TidemarkError } from '../../errors.ts'
import type { ConstraintKind, TableOperation } from '../../migrate/operation.ts'
import type { ColumnType } from '../../schema/column.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { IndexDefinition } from '../../schema/table.ts'
import { checkText, columnText, defaultText, foreignKeyText, primaryKeyText, referencesText, sqliteType, uniqueText } from './ddl.ts'
import { parseCreateTable } from './ddl-table.ts'
import type { Clause, Span, StoredColumn, StoredTable } from './ddl-table.ts'
import { isKeyword, isName, isSymbol, sameName, tokenize } from './ddl-tokens.ts'
import type { Token } from './ddl-tokens.ts'
import { convertedDefault } from './type-fit.ts'

interface Edit extends Span {
  readonly text: string
}

/** The text after one change. Index and comment changes leave it as it is; names of columns are changed elsewhere. */
export function editTable(sql: string, change: TableOperation): string {
  const table = readTable(sql, change.table)
  if (table.strict && (change.kind === 'addColumn' || change.kind === 'alterColumn')) requireStrictType(change.table, change.kind === 'addColumn' ? change.column.type : change.change.type)
  requireFree(table, change)
  switch (change.kind) {
    case 'addColumn':
      return append(sql, table.columns.at(-1)?.end, addedColumnText(change))
    case 'dropColumn':
      return dropColumn(sql, table, columnOf(table, change.column))
    case 'alterColumn':
      return alterColumn(sql, table, change)
    case 'createPrimaryKey': {
      const notNull = change.primaryKey.columns.flatMap((column) => nullability(sql, table, columnOf(table, column), false))
      return append(splice(sql, notNull), undefined, primaryKeyText(change.primaryKey))
    }
    case 'createUnique':
      return append(sql, undefined, uniqueText(change.unique))
    case 'createForeignKey':
      return append(sql, undefined, foreignKeyText(change.foreignKey))
    case 'createCheck':
      requireColumns(change.table, change.check.expression, table.columns)
      return append(sql, undefined, checkText(change.check))
    case 'dropConstraint':
      return splice(sql, removal(sql, table, constraintOf(table, change.name, change.constraint)))
    case 'createIndex':
      for (const expression of indexExpressions(change.index)) requireColumns(change.table, expression, table.columns)
      return sql
    case 'dropIndex':
    case 'setTableComment':
    case 'setColumnComment':
      return sql
    default:
      throw new TypeError(`unknown change ${JSON.stringify(change satisfies never)}`)
  }
}

/** SQLite lets two constraints of a table have one name, and a later drop would take either. */
function requireFree(table: StoredTable, change: TableOperation): void {
  if (change.kind === 'addColumn' && table.columns.some((column) => sameName(column.name, change.column.name))) throw taken(table.name, `column "${change.column.name}"`)
  for (const name of newConstraints(change)) {
    if (allClauses(table).some((clause) => clause.name !== undefined && sameName(clause.name, name))) throw taken(table.name, `constraint "${name}"`)
  }
}

function newConstraints(change: TableOperation): readonly string[] {
  switch (change.kind) {
    case 'addColumn':
      return [change.unique, change.foreignKey, change.check].flatMap((constraint) => constraint?.name ?? [])
    case 'createPrimaryKey':
      return [change.primaryKey.name]
    case 'createUnique':
      return [change.unique.name]
    case 'createForeignKey':
      return [change.foreignKey.name]
    case 'createCheck':
      return [change.check.name]
    default:
      return []
  }
}

/** @throws TidemarkError `operation_not_supported`: a STRICT table has only SQLite's own types, and rows are decoded by the others */
function requireStrictType(table: string, type: ColumnType | undefined): void {
  if (type === undefined || /^(INTEGER|REAL|TEXT|BLOB)$/.test(sqliteType(type))) return
  throw new TidemarkError('operation_not_supported', `Cannot give table "${table}" a column of type ${type.kind}`, {
    why: 'The table is STRICT, and SQLite lets it have no type of that name.',
    next: 'Use integer, real, text without a length, bytes or enum there.',
    details: { table },
  })
}

/**
 * SQLite takes a name in double quotes that is no column for a text, so that a check or an index on a misspelt column
 * would be made, hold for ever and mean nothing.
 *
 * @throws TidemarkError `statement_failed`
 */
export function requireColumns(table: string, expression: string, columns: readonly { readonly name: string }[]): void {
  const tokens = tokenize(expression)
  for (const [position, token] of tokens.entries()) {
    const isNameOfAnother = isSymbol(tokens[position + 1], '.') || isSymbol(tokens[position + 1], '(') || isKeyword(tokens[position - 1], 'COLLATE')
    if (token.kind !== 'quoted' || expression[token.start] !== '"' || isNameOfAnother) continue
    if (!columns.some((column) => sameName(column.name, token.value))) throw missing(table, `column "${token.value}"`)
  }
}

/** Everything of an index that names columns, as text. */
export function indexExpressions(index: IndexDefinition): readonly string[] {
  return [...index.columns.map((part) => ('column' in part ? id(part.column) : part.expression)), ...(index.where === undefined ? [] : [index.where])]
}

/** The definition of an added column with everything that belongs to it, as it also stands behind ADD COLUMN. */
export function addedColumnText({ column, unique, check, foreignKey }: Extract<TableOperation, { kind: 'addColumn' }>): string {
  let text = columnText(column)
  if (unique) text += ` CONSTRAINT ${id(unique.name)} UNIQUE`
  if (check) text += ` ${checkText(check)}`
  if (foreignKey) text += ` CONSTRAINT ${id(foreignKey.name)} ${referencesText(foreignKey)}`
  return text
}

/**
 * The same table under another name. References to the columns lose the name of the table in front of them (`posts.slug`
 * in a check): it would be the wrong one.
 */
export function renameInText(sql: string, name: string): string {
  const table = readTable(sql, name)
  const tokens = tokenize(sql)
  const edits: Edit[] = [{ ...table.nameSpan, text: id(name) }]
  for (const [position, token] of tokens.entries()) {
    const dot = tokens[position + 1]
    if (token.start > table.nameSpan.end && isName(token, table.name) && token.kind !== 'string' && dot && isSymbol(dot, '.')) edits.push({ start: token.start, end: dot.end, text: '' })
  }
  return splice(sql, edits)
}

export function readTable(sql: string, name: string): StoredTable {
  const table = parseCreateTable(sql)
  if (table !== undefined) return table
  throw new TidemarkError('operation_not_supported', `Cannot change table "${name}"`, {
    why: 'It is a virtual table; SQLite fixes its columns when it is created.',
    next: 'Drop it, create it anew with op.execute, and fill it again.',
    details: { table: name },
  })
}

/** True when the text names the column outside of a function call. */
export function mentions(tokens: readonly Token[], column: string): boolean {
  return tokens.some((token, position) => token.kind !== 'string' && isName(token, column) && !isSymbol(tokens[position + 1], '('))
}

function dropColumn(sql: string, table: StoredTable, column: StoredColumn): string {
  const others = table.columns.filter((other) => other !== column)
  // What PostgreSQL drops with a column: the table's own keys and checks that name it, wherever they are written.
  const names = (clause: Clause): boolean => clause.columns.some((name) => sameName(name, column.name)) || (clause.kind === 'check' && mentions(tokenize(clause.expression ?? ''), column.name))
  const gone = [...table.constraints, ...others.flatMap((other) => other.clauses)].filter(names)
  let text = sql
  // From the end, so that earlier places stay true.
  for (const span of [...gone, column].sort((a, b) => b.start - a.start)) text = splice(text, removal(text, table, span))
  return text
}

function alterColumn(sql: string, table: StoredTable, { column: name, change, enumCheck }: Extract<TableOperation, { kind: 'alterColumn' }>): string {
  const column = columnOf(table, name)
  const edits: Edit[] = []
  if (change.type) edits.push({ ...column.typeSpan, text: `${column.type === '' ? ' ' : ''}${sqliteType(change.type)}` })
  if (change.nullable !== undefined) edits.push(...nullability(sql, table, column, change.nullable))
  if (change.default !== undefined) {
    edits.push(...column.clauses.filter((clause) => clause.kind === 'default').flatMap((clause) => removal(sql, table, clause)))
    if (change.default) edits.push({ start: column.end, end: column.end, text: ` DEFAULT ${defaultText(change.default, change.type ?? declaredType(column))}` })
  } else if (change.type) edits.push(...keptDefault(sql, table, column, change.type))
  let text = splice(sql, edits)
  if (enumCheck) {
    const now = readTable(text, table.name)
    // Under an older name of the table or the column, the name still ends in that of the enum.
    const own = enumCheck.check?.name ?? enumCheck.replaces
    const end = own.startsWith(enumCheck.prefix) ? `_${own.slice(enumCheck.prefix.length)}` : undefined
    const isOld = (checkName: string): boolean => sameName(checkName, enumCheck.replaces) || checkName.startsWith(enumCheck.prefix) || (end !== undefined && checkName.endsWith(end))
    const old = allClauses(now).find((clause) => isEnumCheck(clause, name) && clause.name !== undefined && isOld(clause.name))
    if (old) text = splice(text, removal(text, now, old))
    if (enumCheck.check) text = append(text, undefined, checkText(enumCheck.check))
  }
  return text
}

/** What the default becomes with a new type, when nothing is said of it. */
function keptDefault(sql: string, table: StoredTable, column: StoredColumn, type: ColumnType): Edit[] {
  const clause = column.clauses.find(({ kind }) => kind === 'default')
  const expression = clause?.expression ?? ''
  const converted = convertedDefault(type, expression)
  if (clause === undefined || converted === expression) return []
  return [...removal(sql, table, clause), { start: column.end, end: column.end, text: ` DEFAULT ${converted.startsWith("'") ? converted : `(${converted})`}` }]
}

/** True for a check that says of this column that it is one of some texts, and nothing else. */
function isEnumCheck(clause: Clause, column: string): boolean {
  return clause.kind === 'check' && enumValues(clause.expression ?? '', column) !== undefined
}

/** The values of `"column" in ('a', 'b')`; undefined for any other expression. */
export function enumValues(expression: string, column: string): readonly string[] | undefined {
  const [first, word, open, ...rest] = tokenize(expression)
  const close = rest.pop()
  if (!isName(first, column) || !isKeyword(word, 'IN') || !isSymbol(open, '(') || !isSymbol(close, ')')) return undefined
  const shaped = rest.every((token, position) => (position % 2 === 0 ? token.kind === 'string' : isSymbol(token, ',')))
  return shaped ? rest.filter((token) => token.kind === 'string').map((token) => token.value) : undefined
}

/** The kinds whose defaults are spelt in a way of their own. */
function declaredType(column: StoredColumn): ColumnType | undefined {
  const first = column.type.split(' ')[0]?.toUpperCase()
  return first === 'JSON' ? { kind: 'json' } : first === 'DATE' ? { kind: 'date' } : undefined
}

function nullability(sql: string, table: StoredTable, column: StoredColumn, nullable: boolean): Edit[] {
  const edits = column.clauses.filter((clause) => clause.kind === (nullable ? 'notNull' : 'null')).flatMap((clause) => removal(sql, table, clause))
  if (!nullable && !column.clauses.some((clause) => clause.kind === 'notNull')) edits.push({ start: column.typeSpan.end, end: column.typeSpan.end, text: ' NOT NULL' })
  return edits
}

function columnOf(table: StoredTable, name: string): StoredColumn {
  const column = table.columns.find((candidate) => sameName(candidate.name, name))
  if (column === undefined) throw missing(table.name, `column "${name}"`)
  return column
}

function constraintOf(table: StoredTable, name: string, kind: ConstraintKind | undefined): Clause {
  const all = allClauses(table)
  const named = all.find((clause) => clause.name !== undefined && sameName(clause.name, name))
  if (named) return named
  // One that nobody named can only be meant when it is the only one of its kind.
  const [only, second] = kind === undefined ? [] : all.filter((clause) => clause.kind === kind && clause.name === undefined)
  if (only !== undefined && second === undefined) return only
  throw missing(table.name, `constraint "${name}"`)
}

function allClauses(table: StoredTable): Clause[] {
  return [...table.constraints, ...table.columns.flatMap((column) => column.clauses)]
}

function missing(table: string, thing: string): TidemarkError {
  return unfit(table, `It has no ${thing}.`)
}

function taken(table: string, thing: string): TidemarkError {
  return unfit(table, `It already has a ${thing}.`)
}

function unfit(table: string, why: string): TidemarkError {
  return new TidemarkError('statement_failed', `Cannot change table "${table}"`, {
    why,
    next: 'Compare the revision with the table as it stands.',
    details: { table },
  })
}

/** Cuts out a column, a constraint of the table with its comma, or a clause of a column. */
function removal(sql: string, table: StoredTable, span: Span): Edit[] {
  const cut = (start: number, end: number): Edit => ({ start, end, text: '' })
  const tokens = tokenize(sql)
  const before = tokens.findLast((token) => token.end <= span.start)
  const after = tokens.find((token) => token.start >= span.end)
  // White space in front goes too; the end of a comment does not, or the comment would swallow what follows.
  const touches = before !== undefined && sql.slice(before.end, span.start).trim() === ''
  const start = touches ? before.end : span.start
  const isClauseOfColumn = table.columns.some((column) => column.start < span.start && span.end <= column.end)
  if (isClauseOfColumn || !(isSymbol(after, ',') || isSymbol(after, ')'))) return [cut(start, span.end)]
  if (before && isSymbol(before, ',')) return touches ? [cut(before.start, span.end)] : [cut(before.start, before.end), cut(span.start, span.end)]
  return after && isSymbol(after, ',') && isSymbol(before, '(') ? [cut(span.start, after.end)] : [cut(start, span.end)]
}

/** Puts an item behind the one that ends at `after`, or behind the last. */
function append(sql: string, after: number | undefined, item: string): string {
  const table = parseCreateTable(sql)
  const end = after ?? table?.constraints.at(-1)?.end ?? table?.columns.at(-1)?.end ?? sql.length
  return splice(sql, [{ start: end, end, text: `,\n  ${item}` }])
}

function splice(sql: string, edits: readonly Edit[]): string {
  let text = sql
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
  return text
}

/**
 * Carries an operation out on SQLite, each change in the lightest way this engine has: its own ALTER, else a rebuild.
 * What the engine can is found by trying it on an empty copy of the table, not by its version; what the copy cannot
 * show, because SQLite refuses it only where there are rows, is written down in `canAdd`.
 */
import { TidemarkError } from '../../errors.ts'
import { insertStatements } from '../../migrate/insert-rows.ts'
import type { Grade, Operation, TableOperation } from '../../migrate/operation.ts'
import { updateStatement } from '../../migrate/update-rows.ts'
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import { type CheckDefinition, type TableDefinition, constraintName } from '../../schema/table.ts'
import type { Statement, Transaction } from '../storage.ts'
import { checkText, createIndexText, createTableText } from './ddl.ts'
import { addedColumnText, editTable, enumValues, indexExpressions, renameInText, requireColumns } from './ddl-edit.ts'
import { requireUnreferenced } from './ddl-foreign-keys.ts'
import { type StoredObject, indexesAfter, indexesOf, readObjects, tableIn } from './ddl-objects.ts'
import { parseCreateTable } from './ddl-table.ts'
import { sameName } from './ddl-tokens.ts'
import { type Report, type ReportCondition, rebuildTable } from './rebuild.ts'

/**
 * Runs the operation and says how. The transaction has to have foreign keys suspended.
 *
 * @param forScript makes the reported statements ones that run on any SQLite from 3.35 on, with the same texts stored in
 * the end, and is told what they rely on
 */
export async function applySqlite(tx: Transaction, operation: Operation, report: Report, forScript?: ReportCondition): Promise<Grade> {
  const run = async (...statements: readonly (string | Statement)[]): Promise<void> => {
    for (const item of statements) {
      const statement = typeof item === 'string' ? { sql: item } : item
      report(statement)
      await tx.query(statement)
    }
  }
  const way: Way = { run, report, forScript }
  switch (operation.kind) {
    case 'createTable':
      for (const expression of tableExpressions(operation.table)) requireColumns(operation.table.name, expression, operation.table.columns)
      await run(createTableText(operation.table), ...operation.table.indexes.map((index) => createIndexText(operation.table.name, index)))
      return 'native'
    case 'dropTable':
      await requireUnreferenced(tx, operation.table)
      await run(`drop table ${id(operation.table)}`)
      return 'native'
    case 'renameTable':
      await run(`alter table ${id(operation.from)} rename to ${id(operation.to)}`)
      return 'native'
    case 'createEnum':
    case 'dropEnum':
      // SQLite has no types of its own making; the values stand in a check of each column.
      return 'native'
    case 'alterEnum': {
      const changes = enumCheckChanges(await readObjects(tx), operation)
      const grades: Grade[] = []
      for (const { table, ...change } of changes) grades.push(await changeTable(tx, table, [{ kind: 'dropConstraint', table, name: change.check.name }, { kind: 'createCheck', table, check: change.check }], way))
      return grades.includes('rebuild') ? 'rebuild' : 'native'
    }
    case 'execute':
      await run(operation.statement)
      return 'data'
    case 'insert':
      await run(...insertStatements(operation.table, operation.rows, () => '?'))
      return 'data'
    case 'updateInBatches':
      await run(updateStatement(operation))
      return 'data'
    case 'batch':
      return changeTable(tx, operation.table, operation.operations, way)
    default:
      return changeTable(tx, operation.table, [operation], way)
  }
}

/** Whether a change costs a rebuild; `perhaps` where only the engine can tell. */
export function rebuildNeed(change: TableOperation): 'always' | 'perhaps' | 'never' {
  if (!changesDefinition(change)) return 'never'
  // A new name alone is the engine's own affair.
  if (change.kind === 'alterColumn' && change.change.name !== undefined) return rebuildNeed({ ...change, change: { ...change.change, name: undefined } })
  const step = nativeStep(change, [])
  return step === undefined ? 'always' : step.mustBeTried ? 'perhaps' : 'never'
}

function tableExpressions(table: TableDefinition): readonly string[] {
  return [
    ...table.checks.map((check) => check.expression),
    ...table.columns.flatMap((column) => column.generated?.expression ?? []),
    ...table.indexes.flatMap(indexExpressions),
  ]
}

interface Way {
  readonly run: (...statements: readonly (string | Statement)[]) => Promise<void>
  readonly report: Report
  readonly forScript: ReportCondition | undefined
}

async function changeTable(tx: Transaction, table: string, changes: readonly TableOperation[], way: Way): Promise<Grade> {
  let grade: Grade = 'native'
  let group: TableOperation[] = []
  const flush = async (): Promise<void> => {
    if (group.length > 0 && (await applyGroup(tx, table, group, way)) === 'rebuild') grade = 'rebuild'
    group = []
  }
  for (const change of changes) {
    if (!changesDefinition(change)) continue
    // A new type converts the values that the changes before it have left, so these come first.
    if (change.kind === 'alterColumn' && change.change.type !== undefined && group.some((earlier) => touches(earlier, change.column))) await flush()
    if (change.kind !== 'alterColumn' || change.change.name === undefined) {
      group.push(change)
      continue
    }
    // SQLite renames a column everywhere it is named, in views and triggers too; so that is always left to it.
    const { name, ...rest } = change.change
    const withoutName: TableOperation = { ...change, change: rest }
    if (changesDefinition(withoutName)) group.push(withoutName)
    await flush()
    await way.run(`alter table ${id(table)} rename column ${id(change.column)} to ${id(name)}`)
  }
  await flush()
  return grade
}

async function applyGroup(tx: Transaction, table: string, changes: readonly TableOperation[], { run, report, forScript }: Way): Promise<Grade> {
  const objects = await readObjects(tx)
  const { sql } = tableIn(objects, table)
  // Also where the engine does it: what does not fit the table is told here, in one way for both.
  changes.reduce(editTable, sql)
  let indexes = indexesOf(objects, table)
  const steps = changes.map((change) => {
    const before = indexes
    indexes = indexesAfter(before, change)
    return nativeStep(change, before.filter((index) => !indexes.includes(index)).map((index) => `drop index ${id(index.name)}`))
  })
  let text: string | undefined
  if (steps.every((step) => step !== undefined) && (await passes(tx, sql, table, steps))) {
    const statements = steps.flatMap((step) => [...step.before, ...(step.alter === undefined ? [] : [`alter table ${id(table)} ${step.alter}`])])
    if (forScript === undefined || !steps.some((step) => step.isNew)) {
      await run(...statements)
      return 'native'
    }
    text = await textAfter(tx, table, statements)
  }
  await rebuildTable(tx, table, changes, report, forScript, text)
  return 'rebuild'
}

interface NativeStep {
  /** Statements that go before and always work: those about indexes. */
  readonly before: readonly string[]
  /** What stands behind `alter table t`. */
  readonly alter?: string | undefined
  readonly mustBeTried: boolean
  /** Unknown to the SQLite of most systems (older than 3.53). */
  readonly isNew?: boolean | undefined
}

/** The engine's own way to make the change, if it can have one. */
function nativeStep(change: TableOperation, dropIndexes: readonly string[]): NativeStep | undefined {
  switch (change.kind) {
    case 'createIndex':
      return { before: [createIndexText(change.table, change.index)], mustBeTried: false }
    case 'dropIndex':
      return { before: dropIndexes, mustBeTried: false }
    case 'addColumn':
      return canAdd(change) ? { before: [], alter: `add column ${addedColumnText(change)}`, mustBeTried: false } : undefined
    case 'dropColumn':
      return { before: dropIndexes, alter: `drop column ${id(change.column)}`, mustBeTried: true }
    case 'alterColumn': {
      const { nullable, type, default: value } = change.change
      if (nullable === undefined || type !== undefined || value !== undefined) return undefined
      return { before: [], alter: `alter column ${id(change.column)} ${nullable ? 'drop' : 'set'} not null`, mustBeTried: true, isNew: true }
    }
    case 'createCheck':
      return { before: [], alter: `add ${checkText(change.check)}`, mustBeTried: true, isNew: true }
    case 'dropConstraint':
      return { before: [], alter: `drop constraint ${id(change.name)}`, mustBeTried: true, isNew: true }
    default:
      return undefined
  }
}

/** ADD COLUMN takes no key, and on a table with rows neither a default that is computed nor NOT NULL without a default. */
function canAdd({ column, unique }: Extract<TableOperation, { kind: 'addColumn' }>): boolean {
  if (unique !== undefined || column.generated?.stored === true) return false
  if (column.default === undefined) return column.nullable || column.generated !== undefined
  return column.default.kind === 'value'
}

/** The checks of the columns of a named enum, with the value added. They are known by name and shape. */
function enumCheckChanges(objects: readonly StoredObject[], { name, change, checkNaming }: Extract<Operation, { kind: 'alterEnum' }>): { readonly table: string; readonly check: CheckDefinition }[] {
  // A table or column that was renamed has its check under the old name still, which ends in the name of the enum too.
  const isCheckOf = (check: string, table: string, column: string): boolean => {
    const own = constraintName(checkNaming, [table, column, name])
    return check === own || (check.endsWith(`_${name}`) && !check.startsWith(own.slice(0, -name.length)))
  }
  return objects.flatMap((object) => {
    const table = object.type === 'table' && object.sql !== null ? parseCreateTable(object.sql) : undefined
    return (table?.columns ?? []).flatMap((column) => {
      const stored = [...(table?.constraints ?? []), ...column.clauses].find((clause) => clause.kind === 'check' && isCheckOf(clause.name ?? '', object.name, column.name) && enumValues(clause.expression ?? '', column.name) !== undefined)
      const values = stored && enumValues(stored.expression ?? '', column.name)
      if (stored?.name === undefined || values === undefined) return []
      const beside = change.before ?? change.after
      const found = beside === undefined ? values.length : values.indexOf(beside)
      if (found < 0) throw enumUnchanged(name, 'It does not have the value that the new one should stand beside.')
      if (values.includes(change.add)) throw enumUnchanged(name, 'It has the value already.')
      const all = values.toSpliced(found + (change.after === undefined ? 0 : 1), 0, change.add)
      return [{ table: object.name, check: { name: stored.name, expression: `${id(column.name)} in (${all.map(quoteLiteral).join(', ')})`, enumOf: column.name } }]
    })
  })
}

function enumUnchanged(name: string, why: string): TidemarkError {
  return new TidemarkError('statement_failed', `Cannot add a value to enum "${name}"`, { why, next: 'Compare the revision with the database as it stands.', details: { enum: name } })
}

async function passes(tx: Transaction, sql: string, table: string, steps: readonly NativeStep[]): Promise<boolean> {
  if (!steps.some((step) => step.mustBeTried)) return true
  const shadow = 'tidemark_shadow'
  const statements = [renameInText(sql, shadow), ...steps.flatMap((step) => (step.alter === undefined ? [] : [`alter table ${shadow} ${step.alter}`]))]
  try {
    await tried(tx, `a copy of "${table}"`, statements, async () => undefined)
    return true
  } catch {
    return false
  }
}

/** The text that the engine keeps for the table when it has run the statements. */
function textAfter(tx: Transaction, table: string, statements: readonly string[]): Promise<string> {
  return tried(tx, `"${table}"`, statements, async (inner) => tableIn(await readObjects(inner), table).sql)
}

/** Runs the statements, looks, and takes them back. */
async function tried<T>(tx: Transaction, what: string, statements: readonly string[], look: (tx: Transaction) => Promise<T>): Promise<T> {
  const done = new Error('The trial is over')
  let seen: { readonly value: T } | undefined
  try {
    await tx.transaction(async (inner) => {
      for (const sql of statements) await inner.query({ sql })
      seen = { value: await look(inner) }
      throw done
    })
  } catch (error) {
    if (error === done && seen !== undefined) return seen.value
    throw error
  }
  throw new TypeError(`The trial on ${what} did not end`)
}

function touches(change: TableOperation, column: string): boolean {
  return (change.kind === 'addColumn' && sameName(change.column.name, column)) || (change.kind === 'alterColumn' && sameName(change.column, column))
}

/** Comments are not kept on SQLite. */
function changesDefinition(change: TableOperation): boolean {
  if (change.kind === 'setTableComment' || change.kind === 'setColumnComment') return false
  if (change.kind !== 'alterColumn') return true
  const { name, type, nullable, default: value } = change.change
  return name !== undefined || type !== undefined || nullable !== undefined || value !== undefined
}

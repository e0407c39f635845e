/**
 * From differences to operations that run, on PostgreSQL and on SQLite alike. The way back is the same plan over the
 * reversed differences. Pure: no database is asked, so what only rows can tell is left to the proof.
 */
import type { SchemaDifference } from '../../schema/difference.ts'
import type { ForeignKeyDefinition, NamingConvention, TableDefinition } from '../../schema/table.ts'
import type { Dialect } from '../../storage/storage.ts'
import type { Operation, TableOperation } from '../operation.ts'
import { withFill } from './blank-values.ts'
import { declaredForm, ownPrimaryKey } from './declaration.ts'
import { withDependents } from './dependents.ts'
import { enumPlan } from './enum-changes.ts'
import { asText, earlyDrops, isDropped, recastColumns, withRecast } from './recast-columns.ts'
import { type Step, breaksKey, orderSteps } from './step-order.ts'
import { type Definitions, type Sides, type TableChange, definitionOf, tableChanges } from './table-change.ts'
import { type TableContext, grouped, tableOperations } from './table-operations.ts'

export interface PlanInput {
  /** Of the database in which the differences were found; the operations serve both. */
  readonly dialect: Dialect
  readonly differences: readonly SchemaDifference[]
  /** Definitions of the tables as they stand, by name. */
  readonly before: Definitions
  /** Definitions of the tables as they are to stand, by name. */
  readonly after: Definitions
  readonly naming: NamingConvention
  /**
   * What a column that is NOT NULL without a default gets in rows that are there already. `refuse` keeps it as it is
   * declared, with a notice; `blank` fills in an empty value of its type. Default `refuse`.
   */
  readonly fill?: 'refuse' | 'blank' | undefined
}

export interface PlanNotice {
  /** The very operation that it is about; one inside a batch is named itself. */
  readonly operation: Operation
  readonly text: string
}

export interface Plan {
  readonly operations: readonly Operation[]
  readonly notices: readonly PlanNotice[]
}

export function planChanges(input: PlanInput): Plan {
  const { dialect, differences, before, after, naming, fill = 'refuse' } = input
  const sides: Sides = { before, after, naming }
  const enums = enumPlan(differences, before, after, dialect)
  const created = tablesThat('tableAdded', differences, after)
  const gone = tablesThat('tableDropped', differences, before)
  const recast = recastColumns(sides, new Set(enums.replaced.keys()))
  const recastTables = new Set(recast.map((item) => item.table))
  const isRecast = (table: string, column: string): boolean => recast.some((item) => item.table === table && item.column.name === column)
  const changes = withDependents(withRecast(tableChanges(differences, sides, new Set(enums.extended.map(({ name }) => name))), recast, sides), sides, isRecast)
  const isFirst = earlyDrops(changes, recastTables)
  const first = changes.filter(isFirst)
  const { dropped, keys } = withoutKeysInTheWay(gone, first)
  const changed = byTable(changes.filter((item) => !isFirst(item)))
  const { early, steps, late } = orderSteps({ created, dropped, changed, replacedEnums: [...enums.replaced.keys()], sides })

  const notices: PlanNotice[] = []
  const context: TableContext = { naming, dialect, isRecast, losesAll: (table) => losesAll(before, changes, table) }
  const isNew = (name: string, value: string): boolean => enums.extended.some((item) => item.name === name && item.change.add === value)
  const change = (table: string, items: readonly TableChange[], and: readonly TableOperation[] = []): readonly Operation[] => {
    const { operations, filled, refused } = withFill([...tableOperations(table, items, context), ...and], fill, dialect, isNew)
    notices.push(...refused)
    return [...grouped(table, operations), ...filled]
  }
  const take = (step: Step): readonly Operation[] => {
    switch (step.step) {
      case 'replaceEnum':
        return [{ kind: 'dropEnum', name: step.name }, { kind: 'createEnum', name: step.name, values: enums.replaced.get(step.name) ?? [] }]
      case 'create':
        return createTable(step.table, naming)
      case 'change':
        return change(step.name, step.changes)
      case 'drop':
        return [{ kind: 'dropTable', table: step.name }]
      default:
        throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
    }
  }

  const hoisted = [...keys, ...early, ...first]
  // The keys they rest on may be among the rest, and the columns of both ends are to have one type.
  const goesAhead = (item: TableChange): boolean =>
    item.change === 'dropForeignKey' && item.foreignKey.references.table !== item.table && (recastTables.has(item.foreignKey.references.table) || !recastTables.has(item.table))
  const rest = byTable(hoisted.filter((item) => !goesAhead(item)))
  const asTexts = (table: string): TableOperation[] => recast.flatMap((item) => (item.table === table && !isDropped(changes, item) ? asText(item, naming) : []))
  const operations = [
    ...enums.created.map(({ name, values }): Operation => ({ kind: 'createEnum', name, values })),
    ...enums.extended.map(({ name, change: added }): Operation => ({ kind: 'alterEnum', name, change: added, checkNaming: naming.check })),
    ...[...byTable(hoisted.filter(goesAhead))].flatMap(([table, items]) => change(table, items)),
    ...[...new Set([...rest.keys(), ...recastTables])].flatMap((table) => change(table, rest.get(table) ?? [], asTexts(table))),
    ...steps.flatMap(take),
    ...[...byTable(late)].flatMap(([table, items]) => change(table, items)),
    ...enums.dropped.map((name): Operation => ({ kind: 'dropEnum', name })),
  ]
  return { operations, notices }
}

/** In the order of the definitions, which for declared ones is the one that people chose. */
function tablesThat(kind: 'tableAdded' | 'tableDropped', differences: readonly SchemaDifference[], definitions: Definitions): readonly TableDefinition[] {
  const names = new Set(differences.flatMap((difference) => (difference.kind === kind ? difference.table : [])))
  for (const name of names) definitionOf(definitions, name)
  return [...definitions.values()].filter((table) => names.has(table.name))
}

/** Foreign keys of tables that go which rest on what goes before everything else. */
function withoutKeysInTheWay(gone: readonly TableDefinition[], first: readonly TableChange[]): { readonly dropped: readonly TableDefinition[]; readonly keys: readonly TableChange[] } {
  const isInTheWay = ({ references }: ForeignKeyDefinition): boolean => breaksKey(first.filter((item) => item.table === references.table), references.columns)
  return {
    dropped: gone.map((table) => ({ ...table, foreignKeys: table.foreignKeys.filter((key) => !isInTheWay(key)) })),
    keys: gone.flatMap((table) => table.foreignKeys.filter(isInTheWay).map((foreignKey): TableChange => ({ change: 'dropForeignKey', table: table.name, foreignKey }))),
  }
}

function losesAll(before: Definitions, changes: readonly TableChange[], table: string): boolean {
  const isDroppedHere = (name: string): boolean => changes.some((item) => item.change === 'dropColumn' && item.table === table && item.column.name === name)
  return before.get(table)?.columns.every((column) => isDroppedHere(column.name)) === true
}

function createTable(table: TableDefinition, naming: NamingConvention): Operation[] {
  const primaryKey = ownPrimaryKey(table, naming)
  return [
    { kind: 'createTable', table: declaredForm(table, naming) },
    ...(primaryKey ? [{ kind: 'createPrimaryKey' as const, table: table.name, primaryKey }] : []),
  ]
}

function byTable(changes: readonly TableChange[]): ReadonlyMap<string, readonly TableChange[]> {
  const tables = new Map<string, TableChange[]>()
  for (const item of changes) tables.set(item.table, [...(tables.get(item.table) ?? []), item])
  return tables
}

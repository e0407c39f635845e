/**
 * In which order tables are made, changed and dropped: as few steps a table as possible, one where nothing stands in the
 * way. Where steps wait for each other in a circle, what can be done apart is taken out: drops of constraints and
 * indexes go before everything else, foreign keys are made after everything else.
 */
import type { ForeignKeyDefinition, NamingConvention, TableDefinition } from '../../schema/table.ts'
import { ownPrimaryKey } from './declaration.ts'
import { plainColumns, sameSet } from './dependents.ts'
import { enumName } from './enum-changes.ts'
import { type Sides, type TableChange, definitionOf } from './table-change.ts'
import { isSameFamily } from './type-conversion.ts'

export interface Work {
  readonly created: readonly TableDefinition[]
  readonly dropped: readonly TableDefinition[]
  /** By table; what is to be done before everything else is not among them. */
  readonly changed: ReadonlyMap<string, readonly TableChange[]>
  readonly replacedEnums: readonly string[]
  readonly sides: Sides
}

export type Step =
  | { readonly step: 'replaceEnum'; readonly name: string }
  | { readonly step: 'create'; readonly name: string; readonly table: TableDefinition }
  | { readonly step: 'change'; readonly name: string; readonly changes: readonly TableChange[] }
  | { readonly step: 'drop'; readonly name: string; readonly table: TableDefinition }

export interface Order {
  readonly early: readonly TableChange[]
  readonly steps: readonly Step[]
  readonly late: readonly TableChange[]
}

export function orderSteps(work: Work): Order {
  const early = new Map<object, TableChange>()
  const late = new Map<ForeignKeyDefinition, string>()
  // PostgreSQL takes a reference of a new table to itself only where the key is part of the table.
  for (const table of work.created) {
    for (const key of table.foreignKeys) if (key.references.table === table.name && !hasKey(table, key.references.columns, work.sides.naming)) late.set(key, table.name)
  }
  for (;;) {
    const steps = stepsOf(work, early, late)
    const waits = waitsOf(steps, work, early, late)
    const { sorted, circle } = sort(steps, waits)
    if (circle === undefined) return { early: [...early.values()], steps: sorted, late: [...late].map(([foreignKey, table]) => ({ change: 'addForeignKey', table, foreignKey })) }
    const loose = circle.find((wait) => wait.loosen !== undefined)
    if (loose?.loosen === undefined) throw new TypeError(`Cannot order the changes: ${circle.map((wait) => wait.first.name).join(', ')} wait for each other`)
    loose.loosen()
  }
}

/** One step has to come before another; `loosen` takes the reason away. */
interface Wait {
  readonly first: Step
  readonly next: Step
  readonly loosen?: (() => void) | undefined
}

function stepsOf(work: Work, early: ReadonlyMap<object, TableChange>, late: ReadonlyMap<ForeignKeyDefinition, string>): Step[] {
  const changed = [...work.changed].flatMap(([name, changes]): Step[] => {
    const left = changes.filter((item) => !early.has(item) && !(item.change === 'addForeignKey' && late.has(item.foreignKey)))
    return left.length === 0 ? [] : [{ step: 'change', name, changes: left }]
  })
  return [
    ...work.replacedEnums.map((name): Step => ({ step: 'replaceEnum', name })),
    ...work.created.map((table): Step => ({ step: 'create', name: table.name, table: { ...table, foreignKeys: table.foreignKeys.filter((key) => !late.has(key)) } })),
    ...changed,
    ...work.dropped.toReversed().map((table): Step => ({ step: 'drop', name: table.name, table })),
  ]
}

function waitsOf(steps: readonly Step[], work: Work, early: Map<object, TableChange>, late: Map<ForeignKeyDefinition, string>): Wait[] {
  const waits: Wait[] = []
  const find = (kind: Step['step'], name: string): Step | undefined => steps.find((step) => step.step === kind && step.name === name)
  const wait = (first: Step | undefined, next: Step | undefined, loosen?: () => void): void => {
    if (first !== undefined && next !== undefined && first !== next) waits.push({ first, next, loosen })
  }
  for (const step of steps) {
    for (const { key, item } of droppedKeys(step)) {
      if (early.has(item ?? key)) continue
      const loosen = (): void => void early.set(item ?? key, item ?? { change: 'dropForeignKey', table: step.name, foreignKey: key })
      const target = find('change', key.references.table)
      wait(step, find('drop', key.references.table), loosen)
      if (target?.step === 'change' && breaksKey(target.changes, key.references.columns)) wait(step, target, loosen)
    }
    for (const key of createdKeys(step)) {
      const loosen = (): void => void late.set(key, step.name)
      const target = find('change', key.references.table)
      wait(find('create', key.references.table), step, loosen)
      if (target?.step === 'change' && makesKey(target.changes, key.references.columns)) wait(target, step, loosen)
    }
    for (const name of work.replacedEnums) {
      const replacing = find('replaceEnum', name)
      const side = step.step === 'drop' ? work.sides.before : work.sides.after
      const uses = step.step !== 'replaceEnum' && definitionOf(side, step.name).columns.some((column) => enumName(column) === name)
      if (uses && step.step === 'drop') wait(step, replacing)
      else if (uses) wait(replacing, step)
    }
    // Indexes and the keys behind them share one name space with tables.
    const freed = new Map(freedNames(step).map(({ name, item }) => [name, item]))
    for (const other of steps) {
      const name = madeNames(other).find((candidate) => freed.has(candidate))
      const item = name === undefined ? undefined : freed.get(name)
      if (name !== undefined) wait(step, other, item && (() => void early.set(item, item)))
    }
  }
  return waits
}

/** Foreign keys that go with the step. */
function droppedKeys(step: Step): readonly { readonly key: ForeignKeyDefinition; readonly item?: TableChange }[] {
  if (step.step === 'drop') return step.table.foreignKeys.map((key) => ({ key }))
  return step.step === 'change' ? step.changes.flatMap((item) => (item.change === 'dropForeignKey' ? [{ key: item.foreignKey, item }] : [])) : []
}

function createdKeys(step: Step): readonly ForeignKeyDefinition[] {
  if (step.step === 'create') return step.table.foreignKeys
  return step.step === 'change' ? step.changes.flatMap((item) => (item.change === 'addForeignKey' ? [item.foreignKey] : [])) : []
}

/** True when a foreign key to these columns cannot stand while the changes are made. */
export function breaksKey(changes: readonly TableChange[], columns: readonly string[]): boolean {
  return changes.some((item) => {
    switch (item.change) {
      case 'dropColumn':
        return columns.includes(item.column.name)
      case 'dropPrimaryKey':
        return sameSet(item.primaryKey.columns, columns)
      case 'dropUnique':
        return sameSet(item.unique.columns, columns)
      case 'dropIndex':
        return item.index.unique && sameSet(plainColumns(item.index), columns)
      default:
        return changesFamily(item, columns)
    }
  })
}

/** True when a foreign key to these columns can stand only after the changes. */
export function makesKey(changes: readonly TableChange[], columns: readonly string[]): boolean {
  return changes.some((item) => {
    switch (item.change) {
      case 'addColumn':
        return columns.includes(item.column.name)
      case 'addPrimaryKey':
        return sameSet(item.primaryKey.columns, columns)
      case 'addUnique':
        return sameSet(item.unique.columns, columns)
      case 'addIndex':
        return item.index.unique && sameSet(plainColumns(item.index), columns)
      default:
        return changesFamily(item, columns)
    }
  })
}

function changesFamily(item: TableChange, columns: readonly string[]): boolean {
  return item.change === 'alterColumn' && columns.includes(item.to.name) && item.aspects.has('type') && !isSameFamily(item.from.type, item.to.type)
}

/** A primary key with a name of its own is made after the table. */
function hasKey(table: TableDefinition, columns: readonly string[], naming: NamingConvention): boolean {
  return [table.primaryKey && ownPrimaryKey(table, naming) === undefined ? [table.primaryKey] : [], table.uniques].flat().some((key) => sameSet(key.columns, columns))
}

function freedNames(step: Step): readonly { readonly name: string; readonly item?: TableChange }[] {
  if (step.step === 'drop') return relationNames(step.table).map((name) => ({ name }))
  if (step.step !== 'change') return []
  return step.changes.flatMap((item): { readonly name: string; readonly item: TableChange }[] => {
    if (item.change === 'dropIndex') return [{ name: item.index.name, item }]
    if (item.change === 'dropUnique') return [{ name: item.unique.name, item }]
    return item.change === 'dropPrimaryKey' ? [{ name: item.primaryKey.name, item }] : []
  })
}

function madeNames(step: Step): readonly string[] {
  if (step.step === 'create') return relationNames(step.table)
  if (step.step !== 'change') return []
  return step.changes.flatMap((item) => {
    if (item.change === 'addIndex') return [item.index.name]
    if (item.change === 'addUnique') return [item.unique.name]
    return item.change === 'addPrimaryKey' ? [item.primaryKey.name] : []
  })
}

function relationNames(table: TableDefinition): readonly string[] {
  return [table.name, ...[...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques, ...table.indexes].map((relation) => relation.name)]
}

/** Of the steps that can be taken, always the first. What is left waits in circles, or for one. */
function sort(steps: readonly Step[], waits: readonly Wait[]): { readonly sorted: readonly Step[]; readonly circle?: readonly Wait[] } {
  const sorted: Step[] = []
  const left = new Set(steps)
  for (;;) {
    const ready = [...left].find((step) => !waits.some((wait) => wait.next === step && left.has(wait.first)))
    if (ready === undefined) break
    left.delete(ready)
    sorted.push(ready)
  }
  if (left.size === 0) return { sorted }
  for (;;) {
    const end = [...left].find((step) => !waits.some((wait) => wait.first === step && left.has(wait.next)))
    if (end === undefined) break
    left.delete(end)
  }
  return { sorted, circle: waits.filter((wait) => left.has(wait.first) && left.has(wait.next)) }
}

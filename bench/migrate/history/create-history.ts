/**
 * A history as an app of some years has it: tables that come, grow columns and indexes, and now and then a step on their
 * rows. The same seed gives the same history, and a longer one begins with the shorter.
 */
import { type Random, randomFor } from '../../../src/simulator/random.ts'
import { type NeutralColumn, type NeutralRevision, type Step, idColumn } from './neutral.ts'

export interface History {
  readonly revisions: readonly NeutralRevision[]
  /** What stands at its end, by name. */
  readonly tables: readonly string[]
}

const kinds = { table: 40, column: 30, index: 22, rows: 8 } as const
const firstMoment = Date.UTC(2020, 0, 1)

export function createHistory(length: number, seed = 1): History {
  const tables: GrowingTable[] = []
  const revisions = Array.from({ length }, (_, position): NeutralRevision => {
    const random = randomFor(seed, 'revision', position)
    const kind = tables.length < 5 ? 'table' : random.weighted(kinds)
    const change = changes[kind](random, kind === 'table' ? addTable(tables) : random.pick(tables), tables)
    return { id: revisionId(random), number: position + 1, createdAt: new Date(firstMoment + position * 60_000).toISOString(), ...change }
  })
  return { revisions, tables: tables.map((table) => table.name).toSorted() }
}

/** A table as it is at this point of the history. */
interface GrowingTable {
  readonly name: string
  readonly columns: NeutralColumn[]
  indexes: number
  rows: number
}

type Change = Pick<NeutralRevision, 'message' | 'up' | 'down'>

const changes: Record<keyof typeof kinds, (random: Random, table: GrowingTable, tables: readonly GrowingTable[]) => Change> = {
  table(random, table, tables) {
    table.columns.push(idColumn, ...Array.from({ length: random.int(3, 8) }, (_, position) => plainColumn(random, `c${position + 1}`)))
    if (tables.length > 1 && random.chance(0.5)) {
      // Nullable, so that a data step needs no parent.
      table.columns.push({ name: 'parent_id', type: 'integer', nullable: true, references: random.pick(tables.slice(0, -1)).name })
    }
    const up: Step[] = [{ kind: 'createTable', table: table.name, columns: [...table.columns] }]
    if (random.chance(0.4)) up.push(newIndex(random, table))
    return { message: `create ${table.name}`, up, down: [{ kind: 'dropTable', table: table.name }] }
  },
  column(random, table) {
    const column = plainColumn(random, `c${table.columns.length + 1}`)
    table.columns.push(column)
    return {
      message: `add ${column.name} to ${table.name}`,
      up: [{ kind: 'addColumn', table: table.name, column }],
      down: [{ kind: 'dropColumn', table: table.name, column: column.name }],
    }
  },
  index(random, table) {
    const step = newIndex(random, table)
    return { message: `index ${table.name}`, up: [step], down: [{ kind: 'dropIndex', table: table.name, name: step.index.name }] }
  },
  rows(random, table) {
    const first = table.rows + 1
    table.rows += 20
    const given = table.columns.filter((column) => column.references === undefined)
    const rows = Array.from({ length: 20 }, (_, row) => `(${given.map((column) => valueOf(random, column, first + row)).join(', ')})`)
    const inserted = `id between ${first} and ${table.rows}`
    const changed = random.pick(given.filter((column) => !column.primaryKey))
    return {
      message: `fill ${table.name}`,
      up: [
        { kind: 'statement', sql: `insert into ${table.name} (${given.map((column) => column.name).join(', ')}) values ${rows.join(', ')}` },
        { kind: 'statement', sql: `update ${table.name} set ${changed.name} = ${valueOf(random, changed, 0)} where ${inserted} and id % 2 = 0` },
      ],
      down: [{ kind: 'statement', sql: `delete from ${table.name} where ${inserted}` }],
    }
  },
}

function addTable(tables: GrowingTable[]): GrowingTable {
  const table = { name: `t${String(tables.length + 1).padStart(4, '0')}`, columns: [], indexes: 0, rows: 0 }
  tables.push(table)
  return table
}

function plainColumn(random: Random, name: string): NeutralColumn {
  const type = random.pick(['integer', 'text'] as const)
  // NOT NULL needs a default where a table may have rows.
  return random.chance(0.4) ? { name, type, nullable: false, default: type === 'integer' ? 0 : 'none' } : { name, type, nullable: true }
}

function newIndex(random: Random, table: GrowingTable): Extract<Step, { kind: 'createIndex' }> {
  table.indexes += 1
  const columns = random.sample(table.columns.filter((column) => !column.primaryKey), random.int(1, 2)).map((column) => column.name)
  return { kind: 'createIndex', table: table.name, index: { name: `ix_${table.name}_${table.indexes}`, columns } }
}

function valueOf(random: Random, column: NeutralColumn, id: number): number | string {
  if (column.primaryKey) return id
  return column.type === 'integer' ? random.int(0, 1000) : `'word ${random.int(0, 1000)}'`
}

function revisionId(random: Random): string {
  return Array.from({ length: 12 }, () => random.int(0, 15).toString(16)).join('')
}

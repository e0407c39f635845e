/** A schema of many tables, and the same after a handful of changes, each to a table of its own. */
import { type Random, randomFor } from '../../../src/simulator/random.ts'
import { idColumn, type NeutralColumn, type NeutralTable } from '../history/neutral.ts'

export function createWideSchema(tables: number, seed = 1): readonly NeutralTable[] {
  const names = Array.from({ length: tables }, (_, position) => `w${String(position + 1).padStart(3, '0')}`)
  return names.map((name, position) => {
    const random = randomFor(seed, 'wide', position)
    const columns = Array.from({ length: random.int(6, 12) }, (_, at) => plainColumn(random, at + 1))
    if (position > 0 && random.chance(0.5)) columns.push({ name: 'parent_id', type: 'integer', nullable: true, references: random.pick(names.slice(0, position)) })
    // On the first columns, so that there is one to drop that no index has.
    return { name, columns: [idColumn, ...columns], indexes: [{ name: `ix_${name}_1`, columns: ['c1'] }, ...(random.chance(0.5) ? [{ name: `ix_${name}_2`, columns: ['c2', 'c3'] }] : [])] }
  })
}

/** What is new, by the table that it is about. No two changes to one table and no table that goes, so that none looks like a rename. */
export function changeSchema(tables: readonly NeutralTable[]): { readonly tables: readonly NeutralTable[]; readonly changed: readonly string[] } {
  const [first] = tables
  if (first === undefined || tables.length < 10) throw new RangeError('There are too few tables to change')
  const added: NeutralTable = { name: 'added', columns: [...first.columns, { name: 'parent_id', type: 'integer', nullable: true, references: first.name }], indexes: [{ name: 'ix_added_1', columns: ['c1'] }] }
  const edits: readonly ((table: NeutralTable) => NeutralTable)[] = [
    (table) => ({ ...table, columns: [...table.columns, { name: 'extra', type: 'text', nullable: true }] }),
    (table) => ({ ...table, columns: table.columns.filter((column) => column.name !== 'c5') }),
    (table) => ({ ...table, indexes: [...table.indexes, { name: `ix_${table.name}_3`, columns: ['c4'] }] }),
    (table) => ({ ...table, indexes: table.indexes.slice(1) }),
    (table) => editColumn(table, 'c4', (column) => ({ ...column, nullable: !column.nullable })),
    (table) => editColumn(table, 'c4', (column) => ({ ...column, default: column.type === 'integer' ? 7 : 'seven' })),
    // To text, which every value becomes without being told how.
    (table) => editColumn(table, firstInteger(table), (column) => ({ name: column.name, type: 'text', nullable: true })),
  ]
  // Far apart, and not the first, which others refer to.
  const places = new Map(edits.map((edit, position) => [Math.floor(((position + 1) * tables.length) / (edits.length + 1)), edit]))
  const after = tables.map((table, position) => places.get(position)?.(table) ?? table)
  return { tables: [...after, added], changed: [...[...places.keys()].flatMap((place) => tables[place]?.name ?? []), added.name] }
}

function plainColumn(random: Random, number: number): NeutralColumn {
  const type = random.pick(['integer', 'text'] as const)
  return { name: `c${number}`, type, nullable: random.chance(0.6), default: type === 'integer' ? 0 : 'none' }
}

function editColumn(table: NeutralTable, name: string, edit: (column: NeutralColumn) => NeutralColumn): NeutralTable {
  return { ...table, columns: table.columns.map((column) => (column.name === name ? edit(column) : column)) }
}

function firstInteger(table: NeutralTable): string {
  const found = table.columns.find((column) => column.type === 'integer' && !column.primaryKey && column.references === undefined)
  if (found === undefined) throw new RangeError(`Table ${table.name} has no integer`)
  return found.name
}

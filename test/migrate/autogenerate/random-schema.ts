/** Random schemas over few names, so that two of them have much in common and differ in everything a schema can say. */
import fc from 'fast-check'
import type { ColumnDefault, ColumnDefinition, ColumnType } from '../../../src/schema/column.ts'
import { type Columns, type Schema, type TableConstraints, type TableDeclaration, defineSchema, table } from '../../../src/schema/table.ts'

type Values = readonly string[]

const kinds = ['integer', 'bigint', 'real', 'numeric', 'text', 'varchar', 'boolean', 'instant', 'date', 'json', 'uuid', 'bytes', 'enum', 'named'] as const
type Kind = (typeof kinds)[number]

interface RandomColumn {
  readonly name: string
  readonly kind: Kind
  readonly length: number
  readonly values: Values
  readonly notNull: boolean
  readonly unique: boolean
  readonly default: boolean
  readonly comment: string | undefined
}

interface RandomTable {
  readonly name: string
  readonly key: 'id' | 'uuid' | 'composite'
  readonly columns: readonly RandomColumn[]
  readonly generated: boolean
  readonly parent: { readonly table: string; readonly onDelete: 'cascade' | 'set null' | 'no action'; readonly named: boolean } | undefined
  readonly index: 'none' | 'plain' | 'desc' | 'unique' | 'partial' | 'expression'
  readonly check: 'none' | 'plain' | 'named'
  readonly comment: string | undefined
}

const text = fc.constantFrom(undefined, "it's `here`", 'a "quoted" \\ word', 'line\nbreak ${x}')
const enumValues: fc.Arbitrary<Values> = fc.constantFrom(['a', 'b'], ['a', 'b', "c'c"], ['b', 'a'], ['a'], ['x', 'a', 'b'])

const column = (name: string): fc.Arbitrary<RandomColumn> =>
  fc.record({
    name: fc.constant(name),
    kind: fc.constantFrom(...kinds),
    length: fc.constantFrom(20, 255),
    values: enumValues,
    notNull: fc.boolean(),
    unique: fc.nat(5).map((n) => n === 0),
    default: fc.boolean(),
    comment: text,
  })

const tableNamed = (name: string, names: readonly string[]): fc.Arbitrary<RandomTable> =>
  fc.record({
    name: fc.constant(name),
    key: fc.constantFrom('id' as const, 'id' as const, 'uuid' as const, 'composite' as const),
    columns: fc.subarray(['one', 'two', 'three', 'four'], { minLength: 1 }).chain((some) => fc.tuple(...some.map(column))),
    generated: fc.boolean(),
    parent: fc.option(fc.record({ table: fc.constantFrom(...names), onDelete: fc.constantFrom('cascade' as const, 'set null' as const, 'no action' as const), named: fc.boolean() }), { nil: undefined }),
    index: fc.constantFrom('none' as const, 'plain' as const, 'desc' as const, 'unique' as const, 'partial' as const, 'expression' as const),
    check: fc.constantFrom('none' as const, 'plain' as const, 'named' as const),
    comment: text,
  })

export const randomSchema: fc.Arbitrary<Schema> = fc
  .record({ names: fc.subarray(['alpha', 'beta', 'gamma', 'select'], { minLength: 1 }), mood: enumValues })
  .chain(({ names, mood }) => fc.tuple(fc.constant(mood), fc.tuple(...names.map((name) => tableNamed(name, names)))))
  .map(([mood, tables]) => defineSchema(Object.fromEntries(tables.map((one) => [one.name, declaration(one, tables, mood)]))))

function declaration(one: RandomTable, tables: readonly RandomTable[], mood: Values): TableDeclaration {
  const plain = { nullable: true, primaryKey: false, unique: false }
  const columns: Record<string, Columns[string]> = { id: { definition: { ...plain, type: idType(one), nullable: false, primaryKey: one.key !== 'composite' } } }
  for (const item of one.columns) columns[item.name] = { definition: columnDefinition(item, mood) }
  if (one.generated) columns['twice'] = { definition: { ...plain, type: { kind: 'integer' }, generated: { expression: one.key === 'uuid' ? '1 + 1' : 'id * 2', stored: true } } }
  const parent = tables.find((candidate) => candidate.name === one.parent?.table && candidate.key !== 'composite')
  const foreignKeys: NonNullable<TableConstraints['foreignKeys']>[number][] = []
  if (parent !== undefined && one.parent !== undefined) {
    const { onDelete, named } = one.parent
    columns['parent_id'] = { definition: { ...plain, type: idType(parent), ...(named ? {} : { references: { table: parent.name, column: 'id', onDelete } }) } }
    if (named) foreignKeys.push({ name: 'fk_own', columns: ['parent_id'], references: { table: parent.name, columns: ['id'] }, onDelete })
  }
  const first = one.columns[0]?.name ?? 'id'
  const last = one.columns.at(-1)?.name ?? 'id'
  const indexes: Record<RandomTable['index'], NonNullable<TableConstraints['indexes']>> = {
    none: [],
    plain: [{ columns: [first, 'id'] }],
    desc: [{ name: `ix_${one.name}`, columns: ['id', { column: last, order: 'desc' }] }],
    unique: [{ name: `ix_${one.name}`, columns: ['id', last], unique: true }],
    partial: [{ name: `ix_${one.name}`, columns: ['id'], where: `"${last}" is not null` }],
    expression: [{ columns: [{ expression: `coalesce("${first}", "${first}")` }] }],
  }
  const checks = { none: [], plain: [{ expression: `"${first}" is not null or 1 = 1` }], named: [{ name: `ck_${one.name}`, expression: `"${last}" is not null or "id" is not null` }] }
  // jsonb and bytes have no order of a kind that every engine gives an index.
  const indexed = one.columns.some((item) => item.kind === 'json') ? [] : indexes[one.index]
  return table(columns, {
    ...(one.key === 'composite' ? { primaryKey: ['id', first] } : {}),
    indexes: indexed,
    checks: checks[one.check],
    foreignKeys,
    ...(one.comment === undefined ? {} : { comment: one.comment }),
  })
}

function idType(one: RandomTable): ColumnType {
  return { kind: one.key === 'uuid' ? 'uuid' : 'integer' }
}

function columnDefinition(item: RandomColumn, mood: Values): ColumnDefinition {
  const [type, value] = typeAndDefault(item, mood)
  return {
    type,
    nullable: !item.notNull,
    primaryKey: false,
    unique: item.unique && item.kind !== 'json',
    ...(item.default && value !== undefined ? { default: value } : {}),
    ...(item.comment === undefined ? {} : { comment: item.comment }),
  }
}

function typeAndDefault({ kind, length, values }: RandomColumn, mood: Values): readonly [ColumnType, ColumnDefault?] {
  const plain = (value: Extract<ColumnDefault, { kind: 'value' }>['value']): ColumnDefault => ({ kind: 'value', value })
  switch (kind) {
    case 'integer':
      return [{ kind }, plain(-5)]
    case 'bigint':
      return [{ kind }, plain(7)]
    case 'real':
      return [{ kind }, plain(1.5)]
    case 'numeric':
      return [{ kind, precision: 10, scale: 2 }, plain(0)]
    case 'text':
      return [{ kind }, plain("it's\n`${here}` \\")]
    case 'varchar':
      return [{ kind: 'text', length }, plain('word')]
    case 'boolean':
      return [{ kind }, plain(true)]
    case 'instant':
    case 'date':
      return [{ kind }, { kind: 'now' }]
    case 'json':
      return [{ kind }, plain(length === 20 ? { a: ["it's"] } : 'word')]
    case 'uuid':
      return [{ kind }, plain('00000000-0000-4000-8000-000000000000')]
    case 'bytes':
      return [{ kind }]
    case 'enum':
      return [{ kind, values }, plain(values[0] ?? '')]
    case 'named':
      return [{ kind: 'enum', values: mood, name: 'mood' }, plain(mood.at(-1) ?? '')]
    default:
      throw new TypeError(String(kind satisfies never))
  }
}

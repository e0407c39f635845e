/** Any declared schema that both engines can make: all types, defaults, keys, indexes, checks, enums and foreign keys. */
import fc from 'fast-check'
import { type ColumnBuilder, type InsertMode, c } from '../../src/schema/column.ts'
import type { JsonObject, JsonValue } from '../../src/storage/storage.ts'
import { type Schema, type TableConstraints, defineSchema, table } from '../../src/schema/table.ts'

type AnyColumn = ColumnBuilder<unknown, boolean, InsertMode>

const text = fc.constantFrom('', 'x', "it's", 'a "b" c', '0', 'null', 'true', 'a\\b', '%', 'now()', '-- no', 'ä€😀')
const values = fc.constantFrom<readonly string[]>(['a'], ['a', 'b'], ["it's", 'x y', ''])

function plain<Value>(builder: ColumnBuilder<Value>, defaults: fc.Arbitrary<Parameters<ColumnBuilder<Value>['default']>[0]>): fc.Arbitrary<AnyColumn> {
  return fc.tuple(fc.boolean(), fc.option(defaults, { nil: undefined })).map(([notNull, value]): AnyColumn => {
    const column: AnyColumn = value === undefined ? builder : builder.default(value)
    return notNull ? column.notNull() : column
  })
}

const integer = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31)))
const column: fc.Arbitrary<AnyColumn> = fc.oneof(
  plain(c.integer(), integer),
  plain(c.bigint(), fc.oneof(integer, fc.constantFrom(2 ** 40, -(2 ** 53) + 1))),
  plain(c.real(), fc.constantFrom(0, -1.5, 1e100, 0.1, 3)),
  plain(c.numeric(), fc.constantFrom(0, -1, 1.5, 0.25)),
  plain(c.numeric(10, 2), fc.constantFrom(0, -1, 1.5, 0.25)),
  plain(c.text(), text),
  plain(c.text({ length: 30 }), text),
  plain(c.boolean(), fc.boolean()),
  plain(c.json(), fc.constantFrom<JsonObject | readonly JsonValue[]>({}, [], { a: 1, b: [null, "it's"] })),
  plain(c.uuid(), fc.constant('00000000-0000-4000-8000-000000000001')),
  fc.constantFrom<AnyColumn>(c.instant(), c.instant().notNull().defaultNow(), c.date(), c.date().defaultNow(), c.bytes(), c.integer().defaultSql('1 + 1')),
  values.chain((list) => plain<string>(c.enum(list), fc.constantFrom(...list))),
  values.chain((list) => plain<string>(c.enum(list, { name: `kind_${list.length}_${list[0]?.length}` }), fc.constantFrom(...list))),
)

const checks = ['"n" > 0', 'n between 1 and 10', '(n <> 3) and not (n = 4)', 'coalesce(n, 0) >= 0', "w in ('a', 'b')", "w <> ''", "lower(w) = w or w like 'A%'", 'n in (1, 2, 3)', 'length(w) < n + 5', 'w is not null or n is null']
const predicates = ['n > 0', "w is not null and w <> ''", "w in ('a', 'b')"]
const generated = [c.integer().generated('n + 1'), c.text().generated("lower(w) || 'x'"), c.integer().generated('coalesce(n, 0) * 2')]

const constraints: fc.Arbitrary<TableConstraints> = fc.record({
  uniques: fc.subarray([{ columns: ['n'] }, { name: 'own_name', columns: ['w', 'n'] }]),
  indexes: fc.subarray([
    { columns: ['n', 'w'] }, { columns: [{ column: 'w', order: 'desc' as const }, 'n'] }, { columns: [{ expression: 'lower(w)' }] },
    { columns: [{ expression: 'n + 1', order: 'desc' as const }, 'w'], unique: true }, ...predicates.map((where, position) => ({ name: `where_${position}`, columns: ['n'], where })),
  ]),
  checks: fc.subarray(checks.map((expression) => ({ expression }))),
  foreignKeys: fc.subarray([
    { columns: ['up'], references: { table: 'a', columns: ['id'] }, onDelete: 'cascade' as const }, { columns: ['up'], references: { table: 'b', columns: ['id'] }, onUpdate: 'set null' as const },
    { columns: ['up'], references: { table: 'a', columns: ['id'] }, onDelete: 'restrict' as const },
  ], { maxLength: 1 }),
  comment: fc.option(fc.constantFrom('what it is', "it's"), { nil: undefined }),
})

const tables = fc.array(fc.tuple(fc.array(column, { maxLength: 6 }), constraints, fc.option(fc.constantFrom(...generated), { nil: undefined })), { minLength: 2, maxLength: 2 })

/** Two tables `a` and `b`, which can refer to themselves and to each other. */
export const anySchema: fc.Arbitrary<Schema> = tables.map((declarations) =>
  defineSchema(
    Object.fromEntries(
      declarations.map(([columns, { indexes, uniques, ...rest }, computed], position) => {
        const name = position === 0 ? 'a' : 'b'
        const named = Object.fromEntries(columns.map((builder, at) => [`c${at}`, builder]))
        const fixed = { id: c.integer().primaryKey(), n: c.integer(), w: c.text({ length: 40 }), up: c.integer(), ...(computed === undefined ? {} : { g: computed }) }
        return [name, table({ ...fixed, ...named }, {
          ...rest,
          // Names of indexes and of keys are those of the whole schema on PostgreSQL.
          indexes: indexes?.map((index) => ('name' in index ? { ...index, name: `${name}_${index.name}` } : index)),
          uniques: uniques?.map((unique) => ('name' in unique ? { ...unique, name: `${name}_${unique.name}` } : unique)),
        })]
      }),
    ),
  ),
)

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { introspect } from '../../src/schema/introspect.ts'
import { editTable, renameInText } from '../../src/storage/sqlite/ddl-edit.ts'
import { parseCreateIndex } from '../../src/storage/sqlite/ddl-index.ts'
import { parseCreateTable } from '../../src/storage/sqlite/ddl-table.ts'
import { tokenize } from '../../src/storage/sqlite/ddl-tokens.ts'
import { engineNamed } from '../support/engines.ts'

describe('reading CREATE TABLE', () => {
  it('finds columns and constraints in text that tries to hide them', () => {
    const table = parseCreateTable(`CREATE TABLE main."po""sts" (
      id integer constraint pk primary key desc on conflict abort autoincrement, -- c,)
      [a b] varchar(10) /* , */ not null on conflict ignore default 'x,''(' collate nocase unique on conflict replace,
      c unsigned big int default -1 check (c > 0) references p(x) on delete set null on update no action match full not deferrable initially deferred,
      d default x'00ff', e generated always as (a || ')') stored, f as (1) , g text default (strftime('%Y')) ,
      constraint u unique (a, "c" collate nocase desc) on conflict ignore check ([a b] <> ')') foreign key (c, d) references q on update cascade deferrable
    ) strict, without rowid`)
    expect(table?.columns.map(({ name, type, clauses }) => [name, type, clauses.map((clause) => clause.kind)])).toEqual([
      ['id', 'integer', ['primaryKey']],
      ['a b', 'varchar(10)', ['notNull', 'default', 'collate', 'unique']],
      ['c', 'unsigned big int', ['default', 'check', 'foreignKey']],
      ['d', '', ['default']],
      ['e', '', ['generated']],
      ['f', '', ['generated']],
      ['g', 'text', ['default']],
    ])
    expect(table).toMatchObject({ name: 'po"sts', withoutRowid: true, strict: true })
    expect(table?.columns[0]?.clauses[0]).toMatchObject({ name: 'pk', autoincrement: true, descending: true })
    expect(table?.columns.flatMap((column) => column.clauses).flatMap((clause) => clause.expression ?? [])).toEqual(["'x,''('", '-1', 'c > 0', "x'00ff'", "a || ')'", '1', "strftime('%Y')"])
    expect(table?.columns[2]?.clauses[2]?.references).toEqual({ table: 'p', columns: ['x'], onDelete: 'set null', onUpdate: 'no action' })
    expect(table?.constraints).toMatchObject([
      { kind: 'unique', name: 'u', columns: ['a', 'c'] },
      { kind: 'check', name: undefined, expression: "[a b] <> ')'" },
      { kind: 'foreignKey', columns: ['c', 'd'], references: { table: 'q', columns: [], onDelete: 'no action', onUpdate: 'cascade' } },
    ])
  })

  it('reads a fraction without a whole part, and bare names beyond the first plane', () => {
    expect(parseCreateTable('CREATE TABLE 🐚 (𝒜1 real default .5 not null, b real default -.5e3)')).toMatchObject({
      name: '🐚',
      columns: [{ name: '𝒜1', type: 'real', clauses: [{ kind: 'default', expression: '.5' }, { kind: 'notNull' }] }, { name: 'b', clauses: [{ kind: 'default', expression: '-.5e3' }] }],
    })
  })

  it('passes over what SQLite takes and makes nothing of: names without a constraint, and a DEFERRABLE without a key', async () => {
    const odd = 'CREATE TABLE t (a int constraint x, b text constraint y constraint z not null deferrable initially deferred check (b > 1), c not deferrable, constraint v unique (a) constraint w, constraint last)'
    await using storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: odd })
    const table = (await introspect(storage)).tables.get('t')
    expect(table?.columns.map(({ name, declaredType, nullable }) => [name, declaredType, nullable])).toEqual([['a', 'int', true], ['b', 'text', false], ['c', '', true]])
    expect(table).toMatchObject({ uniques: [{ name: 'v', columns: ['a'] }], checks: [{ expression: 'b > 1' }] })
    const [created = ''] = (await storage.query<{ sql: string }>({ sql: `select sql from sqlite_schema` })).rows.map((row) => row.sql)
    await storage.query({ sql: `drop table t` })
    await storage.query({ sql: editTable(editTable(created, { kind: 'dropColumn', table: 't', column: 'a' }), { kind: 'alterColumn', table: 't', column: 'c', change: { default: { kind: 'value', value: 5 } } }) })
    expect((await storage.query({ sql: `select name, dflt_value from pragma_table_info('t')` })).rows).toEqual([{ name: 'b', dflt_value: null }, { name: 'c', dflt_value: '5' }])
  })

  it.each(['CREATE TABLE t (a int check (b)', 'CREATE TABLE t (a int check)', 'CREATE TABLE t (a int, )', 'CREATE TABLE t (a int unique nonsense)'])('refuses %s, which SQLite would not take', (text) => {
    expect(() => parseCreateTable(text)).toThrow(expect.objectContaining({ code: 'statement_failed', message: expect.stringContaining('table "t"') }))
  })

  it('knows what is no table', () => {
    expect(parseCreateTable('CREATE VIRTUAL TABLE t USING fts4(a)')).toBeUndefined()
    expect(parseCreateTable('CREATE VIEW v AS SELECT 1')).toBeUndefined()
  })

  it('cuts any text into tokens that lie in order and leave out only white space and comments', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'É', '1', '_', '"', "'", '`', '[', ']', '-', '/', '*', '\n', ' ', ',', '(', ')', '.') }), (sql) => {
        let end = 0
        for (const token of tokenize(sql)) {
          expect(sql.slice(end, token.start).replace(/--[^\n]*|\/\*[\s\S]*?(\*\/|$)/g, '').trim()).toBe('')
          end = token.end
        }
      }),
    )
  })
})

describe('editing CREATE TABLE', () => {
  const text = `CREATE TABLE t (\n  a integer, -- first, (a)\n  b text not null default 'x' check (b <> ''), /* second */\n  c text, -- last\n  constraint uq unique (a, b), check (c <> a)\n)`

  it.each([
    ['drops the first column', { kind: 'dropColumn', table: 't', column: 'a' }, `CREATE TABLE t (\n   -- first, (a)\n  b text not null default 'x' check (b <> ''), /* second */\n  c text -- last\n  \n)`],
    ['drops a column and what names it', { kind: 'dropColumn', table: 't', column: 'C' }, `CREATE TABLE t (\n  a integer, -- first, (a)\n  b text not null default 'x' check (b <> '') /* second */\n  , -- last\n  constraint uq unique (a, b)\n)`],
    ['drops a named constraint', { kind: 'dropConstraint', table: 't', name: 'UQ' }, text.replace('\n  constraint uq unique (a, b),', '\n  ').replace(', -- last\n   check', ' -- last\n  , check')],
    ['adds a column behind the last, before its comment', { kind: 'addColumn', table: 't', column: { name: 'd', type: { kind: 'integer' }, nullable: true, primaryKey: false, unique: false } }, text.replace('c text,', 'c text,\n  "d" INTEGER,')],
    ['adds a constraint behind the last', { kind: 'createCheck', table: 't', check: { name: 'k', expression: 'a > 0' } }, text.replace('check (c <> a)', 'check (c <> a),\n  CONSTRAINT "k" CHECK (a > 0)')],
    ['changes type, default and nullability', { kind: 'alterColumn', table: 't', column: 'b', change: { type: { kind: 'bigint' }, nullable: true, default: { kind: 'value', value: 5 } } }, text.replace("b text not null default 'x' check (b <> '')", "b BIGINT check (b <> '') DEFAULT 5")],
  ] as const)('%s', async (_, change, expected) => {
    const edited = editTable(text, change)
    // SQLite is the judge of what it reads; the text is compared beside that.
    await using storage = await engineNamed('sqljs memory').open()
    await storage.query({ sql: edited })
    const seen = await storage.query<{ name: string }>({ sql: `select name from pragma_table_info('t')` })
    expect(seen.rows.map((row) => row.name)).toEqual(parseCreateTable(edited)?.columns.map((column) => column.name))
    expect(tokenize(edited).map((token) => token.value)).toEqual(tokenize(expected).map((token) => token.value))
    expect(edited.match(/--.*|\/\*.*?\*\//g)).toEqual(text.match(/--.*|\/\*.*?\*\//g))
  })

  it('renames the table in its text, and takes its name away before its columns', () => {
    expect(renameInText(`CREATE TABLE [my t] (a int check ([my t].a > 0 and "my t" . a < 'my t.'), b int references "my t"(a))`, 'my t')).toBe(
      `CREATE TABLE "my t" (a int check (a > 0 and  a < 'my t.'), b int references "my t"(a))`,
    )
  })
})

describe('reading CREATE INDEX', () => {
  it('tells columns from expressions, with order and predicate', () => {
    expect(parseCreateIndex(`CREATE UNIQUE INDEX "i(" ON t (a, "b c" DESC, lower(a, 'x,') ASC, a collate nocase) WHERE a > 0 and b is not null`)).toEqual({
      unique: true,
      columns: [
        { column: 'a', expression: 'a', order: 'asc' },
        { column: 'b c', expression: '"b c"', order: 'desc' },
        { column: undefined, expression: "lower(a, 'x,')", order: 'asc' },
        { column: undefined, expression: 'a collate nocase', order: 'asc' },
      ],
      where: 'a > 0 and b is not null',
    })
  })
})

/** Values cross the port in one form. */
import { type SqlValue, type Storage, json } from '../storage.ts'
import { type SqlTemplate, type StorageLaw, type ValueKind, columnTypes, law, raw, refused, same, sqlTemplate } from './law.ts'

/** A law that values written to a column of a kind are read back as expected (by default: as they were written). */
function roundTrip(name: string, kind: ValueKind, cases: readonly (readonly [written: SqlValue, read?: unknown])[]): StorageLaw {
  return law(name, async (storage, sql) => {
    await storage.query(sql`create table kept (id integer primary key, value ${columnTypes[storage.dialect][kind]})`)
    for (const [id, [written]] of cases.entries()) await storage.query(sql`insert into kept (id, value) values (${id}, ${written})`)
    const { rows } = await storage.query<{ value: unknown }>(sql`select value from kept order by id`)
    cases.forEach((pair, id) => same(rows[id]?.value, pair.length === 1 ? pair[0] : pair[1], `value ${id} of kind ${kind}`))
    same(rows.length, cases.length, 'number of rows')
  })
}

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)
/** Each character of the basic plane that text may hold, and some behind it. */
const everyCharacter = Array.from({ length: 0xffff }, (_, index) => index + 1).filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCharCode(code)).join('') + '\u{10000}\u{10FFFF}'
const document = { text: 'a"b\\c\n', list: [1, 2.5, null, true, { deep: ['x'] }], empty: {}, none: [], 'key with "quotes"': '😀' }

export const valueLaws: readonly StorageLaw[] = [
  roundTrip('integers are numbers', 'integer', [[0], [1], [-1], [2_147_483_647], [-2_147_483_648], [-0, 0], [7n, 7], [null]]),
  roundTrip('integers of up to 53 bits are exact numbers', 'bigint', [[2_147_483_648], [1_767_225_600_123], [Number.MAX_SAFE_INTEGER], [Number.MIN_SAFE_INTEGER], [5_000_000_000n, 5_000_000_000]]),
  roundTrip('integers past 2^53 are exact bigints', 'bigint', [[9_007_199_254_740_993n], [-9_007_199_254_740_993n], [9_007_199_254_740_992n], [2 ** 53, 2n ** 53n], [2n ** 63n - 1n], [-(2n ** 63n)]]),
  roundTrip('reals are numbers', 'real', [[0.1], [-2.5], [3], [1e-300], [1.7976931348623157e308], [123456.789], [-0, 0], [null]]),
  roundTrip('numerics that a double holds are numbers', 'numeric', [[0], [12.5], [-0.125], [1_234_567.25], ['1.50', 1.5], ['100', 100], [null]]),
  roundTrip('booleans are booleans', 'boolean', [[true], [false], [null]]),
  roundTrip('instants are UTC text with milliseconds', 'instant', [
    ['2026-03-03T08:00:00.000Z'], ['1969-12-31T23:59:59.999Z'], ['2024-02-29T12:34:56.789Z'], ['0001-01-01T00:00:00.000Z'], ['9999-12-31T23:59:59.999Z'], ['2016-12-31T23:59:59.000Z'], [null],
    ['2026-03-03T08:00:00Z', '2026-03-03T08:00:00.000Z'], ['2026-03-03T10:00:00+02:00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03 01:30:00.5-05:30', '2026-03-03T07:00:00.500Z'], ['2026-03-03T08:00:00.123456Z', '2026-03-03T08:00:00.123Z'],
  ]),
  roundTrip('dates are text', 'date', [['2026-03-03'], ['1582-10-15'], ['2024-02-29'], ['0001-01-01'], ['9999-12-31'], [null]]),
  roundTrip('objects and arrays are JSON', 'json', [[document], [[document, []]], [{}], [[]], [null], [{ kept: 1, dropped: undefined }, { kept: 1 }]]),
  roundTrip('bare JSON scalars are JSON when marked', 'json', [
    [json('text'), 'text'], [json(''), ''], [json('1'), '1'], [json(1.5), 1.5], [json(true), true], [json(null), null], [json({ a: [] }), { a: [] }],
  ]),
  roundTrip('bytes are a Uint8Array', 'bytes', [[everyByte], [new Uint8Array()], [new Uint8Array(100_000).fill(7)], [null]]),
  roundTrip('uuids are text', 'uuid', [['0f8fad5b-d9cb-469f-a165-70867728950e'], [null]]),
  roundTrip('text is kept to the letter', 'text', [
    [''], [' padded '], ['007'], ['1e5'], ['null'], ['{"a":1}'], ['2026-03-03'], ['it\'s "quoted" `so` [and] \\ so \\n'], ['line\r\nline\ttab\u0001'],
    ['naïve Ελληνικά 日本語 עברית'], ['😀👩‍👩‍👧‍👦'], ['e\u0301'], ['?1 $1 :name @x -- /* */ %'], ['\uFFFD\uFEFF'], ['a megabyte '.repeat(100_000)], ['\u{1F600}'.repeat(1000)], [everyCharacter], [null],
  ]),

  law('a number is bound as a number, whatever its size', async (storage, sql) => {
    await storage.query(sql`create table kept (value ${columnTypes[storage.dialect].bigint})`)
    await storage.query(sql`insert into kept values (${3_000_000_000}), (${5})`)
    for (const value of [3_000_000_000, 3_000_000_000n]) {
      same((await storage.query(sql`select value from kept where value = ${value}`)).rows, [{ value: 3_000_000_000 }], 'rows found by value')
      same((await storage.query(sql`select value / 7 as value from kept where value + 1 > ${value}`)).rows, [{ value: 428_571_428 }], 'integer division')
    }
  }),

  law('values are told apart from text: nothing bound is ever run', async (storage, sql) => {
    const hostile = `'); drop table kept; --`
    await storage.query(sql`create table kept (value text)`)
    await storage.query(sql`insert into kept values (${hostile})`)
    same((await storage.query(sql`select value from kept where value = ${hostile}`)).rows, [{ value: hostile }], 'rows')
  }),

  law('placeholders in strings, names and comments are text', async (storage, sql) => {
    const mark = raw(storage.dialect === 'sqlite' ? '?' : '$9')
    await storage.query(sql`create table kept ("a${mark}" text, value integer)`)
    await storage.query(sql`insert into kept /* ${mark} */ values ('${mark}''${mark}', ${5}) -- ${mark}`)
    const { rows } = await storage.query(sql`select "a${mark}" from kept -- '${mark}
      where value = ${5} /* "${mark} */`)
    same(rows, [{ [`a${mark.text}`]: `${mark.text}'${mark.text}` }], 'rows')
  }),

  law('raw statements give the same values: joins, aliases, subqueries, common table expressions', async (storage, sql) => {
    await createMixed(storage, sql)
    const expected = { flag: true, at: '2026-03-03T08:00:00.000Z', doc: { a: [1] } }
    for (const [name, statement] of Object.entries({
      star: sql`select flag, at, doc from mixed where id = ${1}`,
      alias: sql`select m.flag as flag, m.at as at, m.doc as doc from mixed as m`,
      join: sql`select a.flag, b.at, a.doc from mixed a join mixed b on a.id = b.id where a.id = ${1} order by b.at limit ${5}`,
      subquery: sql`select * from (select flag, at, doc from mixed where id = ${1}) as s`,
      expression: sql`with s as (select flag, at, doc from mixed) select * from s where flag = ${true}`,
      union: sql`select flag, at, doc from mixed where id = ${1} union all select flag, at, doc from mixed where id = ${2}`,
    })) {
      same((await storage.query(statement)).rows, [expected], `rows of ${name}`)
      same((await storage.transaction((tx) => tx.query(statement))).rows, [expected], `rows of ${name} in a transaction`)
    }
  }),

  law('returning gives the same values', async (storage, sql) => {
    const expected = [{ id: 1, flag: true, at: '2026-03-03T08:00:00.000Z', doc: { a: [1] } }]
    await createMixed(storage, sql)
    same((await storage.query(sql`update mixed set id = id where id = ${1} returning *`)).rows, expected, 'rows of the update')
    same((await storage.query(sql`delete from mixed where id = ${1} returning id, flag, at, doc`)).rows, expected, 'rows of the delete')
    same((await storage.query(sql`insert into mixed (id, flag, at, doc) values (${1}, ${true}, ${'2026-03-03T08:00:00Z'}, ${{ a: [1] }}) returning *`)).rows, expected, 'rows of the insert')
  }),

  law('values are decoded by the schema of the moment', async (storage, sql) => {
    const types = columnTypes[storage.dialect]
    const read = sql`select * from changing`
    await storage.query(sql`create table changing (value ${types.boolean})`)
    await storage.query(sql`insert into changing values (${true})`)
    same((await storage.query(read)).rows, [{ value: true }], 'rows at first')
    await storage.query(sql`alter table changing add column doc ${types.json}`)
    same((await storage.query(read)).rows, [{ value: true, doc: null }], 'rows with the new column')
    const undo = new Error('undo')
    await storage.transaction(async (tx) => {
      await tx.query(sql`drop table changing`)
      await tx.query(sql`create table changing (value ${types.integer})`)
      await tx.query(sql`insert into changing values (${1})`)
      same((await tx.query(read)).rows, [{ value: 1 }], 'rows of the new table')
      throw undo
    }).catch((error: unknown) => {
      if (error !== undo) throw error
    })
    if (storage.capabilities.transactionalDdl) same((await storage.query(read)).rows, [{ value: true, doc: null }], 'rows after the rollback')
  }),

  law('of two result columns with one name the last wins', async (storage, sql) => {
    same((await storage.query(sql`select 1 as a, 2 as b, 3 as a`)).rows, [{ a: 3, b: 2 }], 'row')
  }),

  law('a thousand parameters are bound in order', async (storage, sql) => {
    await storage.query(sql`create table kept (value integer)`)
    const values = Array.from({ length: 1000 }, (_, index) => index)
    const places = values.map((_, index) => (storage.dialect === 'sqlite' ? '(?)' : `($${index + 1})`)).join(', ')
    await storage.query({ sql: `insert into kept values ${places}`, parameters: values })
    same((await storage.query(sql`select count(*) as n, sum(value) as total from kept`)).rows, [{ n: 1000, total: 499_500 }], 'row')
  }),

  law('what cannot be bound is refused by position before anything runs', async (storage, sql) => {
    await storage.query(sql`create table kept (a integer, value text)`)
    const secret = 'hush-4711'
    const refusedValues: readonly unknown[] = [
      undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, new Date(0), Symbol(secret), () => secret, new Map([[secret, 1]]),
      2n ** 63n, -(2n ** 63n) - 1n, `${secret}\0`, `${secret}\ud800`, `\udc00${secret}`, { [secret]: '\0' }, [`${secret}\ud800`], { a: 1n }, json(Number.NaN),
    ]
    await storage.transaction(async (tx) => {
      for (const value of refusedValues) {
        // The types forbid these; programs without types send them all the same.
        const statement = { sql: sqlTemplate(storage.dialect)`insert into kept values (${1}, ${''})`.sql, parameters: [1, value as SqlValue] }
        const error = await refused(tx.query(statement), 'value_not_supported')
        same(error.details, { position: 2 }, 'details')
        same(error.message.includes(secret), false, 'the value is in the message')
      }
      await tx.query(sql`insert into kept values (${2}, ${'\\u0000 is text'})`)
    })
    same((await storage.query(sql`select * from kept`)).rows, [{ a: 2, value: '\\u0000 is text' }], 'rows')
  }),
]

async function createMixed(storage: Storage, sql: SqlTemplate): Promise<void> {
  const types = columnTypes[storage.dialect]
  await storage.query(sql`create table mixed (id integer primary key, flag ${types.boolean} not null, at ${types.instant} not null, doc ${types.json})`)
  await storage.query(sql`insert into mixed (id, flag, at, doc) values (${1}, ${true}, ${'2026-03-03T08:00:00.000Z'}, ${{ a: [1] }})`)
}

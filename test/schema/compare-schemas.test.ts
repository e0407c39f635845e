import { describe, expect, it } from 'vitest'
import { buildSchema } from '../../src/migrate/build-schema.ts'
import { c } from '../../src/schema/column.ts'
import { compareSchemas } from '../../src/schema/compare-schemas.ts'
import type { SchemaComparison } from '../../src/schema/difference.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { defineSchema, table } from '../../src/schema/table.ts'
import { engineNamed } from '../support/engines.ts'

const engineNames = ['sqljs memory', 'pglite memory', 'postgres'] as const
type EngineName = (typeof engineNames)[number]
type Dialect = 'sqlite' | 'postgres'

/** Two spellings of one table, each the text behind `create table t…` and what follows it, with `@` for its name. */
type Spellings = readonly [title: string, from: string | readonly string[], to: string | readonly string[]]

const checked = (column: string, expression: string): string => `(${column}, check (${expression}))`

/** Equal on both dialects. */
const sameEverywhere: readonly Spellings[] = [
  ['int and integer', '(a int)', '(a integer)'],
  ['decimal and numeric', '(a decimal(10,2), b decimal)', '(a numeric(10, 2), b numeric)'],
  ['varchar without a length and text', '(a varchar)', '(a text)'],
  ['a default of zero as number and as text', `(a integer default 0)`, `(a integer default '0')`],
  ['a negative default', `(a integer default -1, b bigint default -1)`, `(a integer default '-1', b bigint default (-1))`],
  ['zeros behind the point', '(a numeric(10,2) default 1.50)', '(a numeric(10,2) default 1.5)'],
  ['a quote in a default', `(a text default 'it''s')`, `(a text default ('it''s'))`],
  ['a cast default', `(a text default 'x')`, `(a text default (cast('x' as text)))`],
  ['no default and null', '(a text, b varchar(10))', '(a text default null, b varchar(10) default null)'],
  ['true in two cases', '(a boolean default true)', '(a boolean default TRUE)'],
  ['CURRENT_TIMESTAMP in two cases', '(a timestamp default current_timestamp)', '(a timestamp default CURRENT_TIMESTAMP)'],
  ['a date of today', '(a date default current_date)', '(a date default CURRENT_DATE)'],
  ['order of columns', '(a integer, b text)', '(b text, a integer)'],
  ['a key on the column and on the table', '(a integer not null primary key)', '(a integer not null, primary key (a))'],
  ['a unique on the column and on the table', '(a integer unique)', '(a integer, constraint named_@ unique (a))'],
  ['names of keys and checks', '(a integer not null, constraint k1_@ primary key (a), constraint c1_@ check (a > 0))', '(a integer not null, constraint k2_@ primary key (a), constraint c2_@ check (a > 0))'],
  ['a reference on the column and on the table', '(a integer primary key, b integer references @ (a) on delete cascade)', '(a integer primary key, b integer, constraint f_@ foreign key (b) references @ (a) on delete cascade)'],
  ['a reference that names no column', '(a integer primary key, b integer references @)', '(a integer primary key, b integer references @ (a))'],
  ['no action, said and unsaid', '(a integer primary key, b integer references @ (a))', '(a integer primary key, b integer references @ (a) on delete no action on update no action)'],
  ['pairs of a foreign key in another order', '(a integer, b integer, c integer, d integer, unique (a, b), foreign key (c, d) references @ (a, b))', '(a integer, b integer, c integer, d integer, unique (a, b), foreign key (d, c) references @ (b, a))'],
  ['white space and case in a check', checked('a integer', 'a>0 AND a<10'), checked('a integer', 'a > 0\n  and a < 10')],
  ['needless parentheses in a check', checked('a integer', '((a > 0))'), checked('a integer', '(a) > (0)')],
  ['quoted names in a check', checked('a integer', 'a > 0'), checked('a integer', '"a" > 0')],
  ['not equal in two spellings', checked('a text', `a <> ''`), checked('a text', `a != ''`)],
  ['IN and the order of its list', checked('a text', `a in ('x', 'y')`), checked('a text', `a IN ('y','x')`)],
  ['IN over a varchar', checked('a varchar(10)', `a in ('x', 'y')`), checked('a varchar(10)', `(a IN ('x','y'))`)],
  ['IN with one value', checked('a text', `a in ('x')`), checked('a text', `"a" in ('x')`)],
  ['IN over numbers', checked('a bigint', 'a in (1, 2)'), checked('a bigint', 'a in (2, 1)')],
  ['NOT IN', checked('a text', `a not in ('x', 'y')`), checked('a text', `a NOT IN ('y', 'x')`)],
  ['BETWEEN', checked('a integer', 'a between 1 and 10'), checked('a integer', '(a BETWEEN 1 AND 10)')],
  ['a cast in a check', checked('a integer', `cast(a as text) <> ''`), checked('a integer', `CAST("a" AS text) <> ''`)],
  ['LIKE', checked('a varchar(5)', `a like 'x%'`), checked('a varchar(5)', `(a LIKE 'x%')`)],
  ['operators', checked('a integer, b integer', 'a % 2 = 0 or a * b + 1 >= 3'), checked('a integer, b integer', '((a%2)=0) OR (((a*b)+1)>=3)')],
  ['case and coalesce', checked('a integer', 'case when a is null then 1 else coalesce(a, 0) end > 0'), checked('a integer', 'CASE WHEN a IS NULL THEN 1 ELSE COALESCE(a,0) END > 0')],
  ['two checks in another order', '(a integer, check (a > 0), check (a < 9))', '(a integer, check (a < 9), check (a > 0))'],
  ['a predicate of an index', ['(a integer)', 'create index i_@ on @ (a) where a > 0'], ['(a integer)', 'create index i_@ on @ ("a" ASC) where ("a" > 0)']],
  ['an expression of an index', ['(a text)', 'create index i_@ on @ (lower(a) desc)'], ['(a text)', 'create index i_@ on @ ((LOWER("a")) DESC)']],
  ['a generated column', '(a integer, b integer generated always as (a + 1) stored)', '(a integer, b integer generated always as ((("a") + (1))) stored)'],
]

const sameOn: Readonly<Record<Dialect, readonly Spellings[]>> = {
  sqlite: [
    ['an integer key and its nullability', '(a integer primary key)', '(a INTEGER NOT NULL, PRIMARY KEY (a))'],
    ['types that mean an instant', '(a datetime, b timestamp, c timestamptz, d timestamp with time zone)', '(a INSTANT TEXT, b instant text, c instant, d datetime)'],
    ['types in other words', '(a bool, b character varying (9), c int8, d float, e jsonb, f DECIMAL( 8 , 2 ))', '(a boolean, b varchar(9), c bigint, d double precision, e json, f numeric(8,2))'],
    ['case of names', ['(Id integer primary key, Name text unique)', 'create index I_@ on @ (NAME)'], ['(ID integer primary key, name text unique)', 'create index i_@ on @ (name)']],
    ['names in brackets and backticks', '([a] integer check ([a] > 0), `b` text check (`b` <> \'\'))', '("a" integer, b text, check (a > 0), check ("b" <> \'\'))'],
    ['a bare word as a default', '(a text default abc)', `(a text default 'abc')`],
    ['a boolean default', '(a boolean default true)', '(a boolean default 1)'],
    ['the moment in two words', '(a text default current_timestamp, b text default current_date)', `(a text default (datetime('now')), b text default (date('now')))`],
    ['numbers in other notations', '(a integer default 16, b real default 1e3, c integer check (c > 16))', '(a integer default 0x10, b real default 1000.0, c integer check (c > 0x10))'],
    ['json spelt in another way', `(a json default '{"a":1}')`, `(a JSON TEXT default '{ "a": 1 }')`],
    ['double equals', checked('a integer', 'a = 1'), checked('a integer', 'a == 1')],
    ['comments in the text', '(a integer /* first */ check (a > 0 -- more\n))', '(a integer, check (a > 0))'],
    ['inner parentheses', checked('a integer, b integer', '(a > 0) and ((b > 0) or (b < -1))'), checked('a integer, b integer', 'a > 0 and (b > 0 or b < -1)')],
    ['a virtual generated column, said and unsaid', '(a integer, b integer as (a + 1))', '(a integer, b integer generated always as (a+1) virtual)'],
    ['an index column in parentheses', ['(a integer)', 'create index i_@ on @ ((a))'], ['(a integer)', 'create index i_@ on @ (a)']],
    ['the collation that it has anyway', ['(a text)', 'create index i_@ on @ (a collate binary)'], ['(a text)', 'create index i_@ on @ (a)']],
    ['abort on conflict, which is what happens anyway', '(a integer unique on conflict abort)', '(a integer unique)'],
  ],
  postgres: [
    ['moments', '(a timestamptz default now(), b timestamptz(3) default now(), d date default current_date)', '(a timestamptz default current_timestamp, b timestamptz(3) default transaction_timestamp(), d date default CURRENT_DATE)'],
    ['casts of defaults', `(a text default 'x', b varchar(9) default 'x', n numeric default 1.50)`, `(a text default 'x'::varchar, b varchar(9) default 'x'::text, n numeric default '1.5'::numeric)`],
    ['json spelt in another way', `(a jsonb default '{"a":1}')`, `(a jsonb default '{ "a" : 1 }'::jsonb)`],
    ['aliases of types', '(a int8, b int4, c bool, d float8, e timestamptz, f character varying(9))', '(a bigint, b integer, c boolean, d double precision, e timestamp with time zone, f varchar(9))'],
    ['any and in', checked('a text', `a in ('x', 'y')`), checked('a text', `a = any (array['y', 'x'])`)],
    ['text put out again by pg_dump', checked('a varchar(9)', `a in ('x', 'y')`), checked('a varchar(9)', `((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))`)],
    ['booleans', '(a boolean default false)', `(a boolean default 'f')`],
    ['serial', '(a serial primary key)', ['(a integer not null primary key)', 'create sequence s_@ owned by @.a', `alter table @ alter a set default nextval('s_@')`]],
    ['identity', '(a integer generated always as identity primary key)', '(a integer generated always as identity (start with 10) primary key)'],
    ['BETWEEN and its two sides', checked('a integer', 'a between 1 and 2'), checked('a integer', 'a >= 1 and a <= 2')],
    ['a part of a chain in parentheses', checked('a integer, b integer', 'b > 0 and a between 1 and 9 and (a < 8 and b < 8)'), checked('a integer, b integer', 'b > 0 and a >= 1 and a <= 9 and a < 8 and b < 8')],
    ['a part of a chain of OR in parentheses', checked('a integer, b integer', 'b = 0 or a not between 1 and 9'), checked('a integer, b integer', 'b = 0 or a < 1 or a > 9')],
    ['a predicate with a moment in words', ['(a text)', `create index i_@ on @ (a) where a in ('x','y')`], ['(a text)', `create index i_@ on @ using btree (a) where (a = ANY (ARRAY['x'::text, 'y'::text]))`]],
    ['the order of nulls that it has anyway', ['(a integer)', 'create index i_@ on @ (a desc)'], ['(a integer)', 'create index i_@ on @ (a desc nulls first)']],
  ],
}

/** What is found, by the kinds of the differences. */
const different: readonly (readonly [...Spellings, found: readonly string[]])[] = [
  ['a longer text', '(a varchar(10))', '(a varchar(20))', ['columnChanged type']],
  ['a text that gets a length', '(a text)', '(a varchar(20))', ['columnChanged type']],
  ['more digits', '(a numeric(10,2))', '(a numeric(12,2))', ['columnChanged type']],
  ['another scale', '(a numeric(10,2))', '(a numeric(10,3))', ['columnChanged type']],
  ['integer and bigint', '(a integer)', '(a bigint)', ['columnChanged type']],
  ['nullability', '(a integer)', '(a integer not null)', ['columnChanged nullable']],
  ['another default', '(a integer default 0)', '(a integer default 1)', ['columnChanged default']],
  ['a default that goes', `(a text default '')`, '(a text)', ['columnChanged default']],
  ['an empty text and none', `(a text default '')`, `(a text default ' ')`, ['columnChanged default']],
  ['two aspects of one column', '(a integer default 0)', '(a bigint not null default 0)', ['columnChanged type,nullable']],
  ['columns that come and go', '(a integer, b integer)', '(a integer, c integer)', ['columnDropped b', 'columnAdded c']],
  ['another key', '(a integer not null, b integer not null, primary key (a))', '(a integer not null, b integer not null, primary key (a, b))', ['primaryKeyChanged']],
  ['a key in another order', '(a integer not null, b integer not null, primary key (a, b))', '(a integer not null, b integer not null, primary key (b, a))', ['primaryKeyChanged']],
  ['a unique that goes', '(a integer unique)', '(a integer)', ['uniqueDropped']],
  ['a unique over more columns', '(a integer, b integer, unique (a))', '(a integer, b integer, unique (a, b))', ['uniqueDropped', 'uniqueAdded']],
  ['an index that comes', '(a integer)', ['(a integer)', 'create index i_@ on @ (a)'], ['indexAdded']],
  ['an index that becomes unique', ['(a integer)', 'create index i_@ on @ (a)'], ['(a integer)', 'create unique index i_@ on @ (a)'], ['indexDropped', 'indexAdded']],
  ['another order in an index', ['(a integer)', 'create index i_@ on @ (a)'], ['(a integer)', 'create index i_@ on @ (a desc)'], ['indexDropped', 'indexAdded']],
  ['another predicate', ['(a integer)', 'create index i_@ on @ (a) where a > 0'], ['(a integer)', 'create index i_@ on @ (a) where a > 1'], ['indexDropped', 'indexAdded']],
  ['a predicate that goes', ['(a integer)', 'create index i_@ on @ (a) where a > 0'], ['(a integer)', 'create index i_@ on @ (a)'], ['indexDropped', 'indexAdded']],
  ['another expression in an index', ['(a text)', 'create index i_@ on @ (lower(a))'], ['(a text)', 'create index i_@ on @ (upper(a))'], ['indexDropped', 'indexAdded']],
  ['an index of another name', ['(a integer)', 'create index i_@ on @ (a)'], ['(a integer)', 'create index j_@ on @ (a)'], ['indexDropped', 'indexAdded']],
  ['another check', checked('a integer', 'a > 0'), checked('a integer', 'a > 1'), ['checkDropped', 'checkAdded']],
  ['a check on real numbers that are close', checked('a numeric', 'a > 0.1'), checked('a numeric', 'a > 0.10000001'), ['checkDropped', 'checkAdded']],
  ['a value more in a list', checked('a text', `a in ('x', 'y')`), checked('a text', `a in ('x', 'y', 'z')`), ['checkDropped', 'checkAdded']],
  ['a check of a column that is gone', '(a integer, b integer, check (a > 0))', '(b integer, check (b > 0))', ['columnDropped a', 'checkDropped', 'checkAdded']],
  ['one of two equal checks', '(a integer, check (a > 0), check (a > 0))', '(a integer, check (a > 0))', ['checkDropped']],
  ['restrict and no action', '(a integer primary key, b integer references @ (a) on delete restrict)', '(a integer primary key, b integer references @ (a))', ['foreignKeyDropped', 'foreignKeyAdded']],
  ['an action on update', '(a integer primary key, b integer references @ (a) on update cascade)', '(a integer primary key, b integer references @ (a))', ['foreignKeyDropped', 'foreignKeyAdded']],
  ['a foreign key that comes', '(a integer primary key, b integer)', '(a integer primary key, b integer references @ (a))', ['foreignKeyAdded']],
  ['another expression of a generated column', '(a integer, b integer generated always as (a + 1) stored)', '(a integer, b integer generated always as (a + 2) stored)', ['columnChanged generated']],
  ['a column that is generated no longer', '(a integer, b integer generated always as (a + 1) stored)', '(a integer, b integer)', ['columnChanged generated']],
]

const differentOn: Readonly<Record<Dialect, readonly (readonly [...Spellings, found: readonly string[]])[]>> = {
  sqlite: [
    ['a key that is not the place of the row', '(a int not null primary key)', '(a integer primary key)', ['columnChanged type']],
    ['a generated column that is stored', '(a integer, b integer as (a + 1) virtual)', '(a integer, b integer as (a + 1) stored)', ['columnChanged generated']],
    ['a collation in an index', ['(a text)', 'create index i_@ on @ (a)'], ['(a text)', 'create index i_@ on @ (a collate nocase)'], ['indexDropped', 'indexAdded']],
    ['blobs that look alike', `(a blob check (a <> x'0041'))`, `(a blob check (a <> x'0042'))`, ['checkDropped', 'checkAdded']],
    ['types that nobody knows', '(a money)', '(a currency)', ['columnChanged type']],
    ['text that looks like a number', `(a text default '0')`, `(a text default '00')`, ['columnChanged default']],
  ],
  postgres: [
    ['AND and OR in parentheses', checked('a boolean, b boolean, c boolean', 'a and (b or c)'), checked('a boolean, b boolean, c boolean', 'a and b or c'), ['checkDropped', 'checkAdded']],
    ['NOT of a chain', checked('a boolean, b boolean, c boolean', 'not (a and b) and c'), checked('a boolean, b boolean, c boolean', 'not a and b and c'), ['checkDropped', 'checkAdded']],
    ['a chain that is compared', checked('a boolean, b boolean, c boolean', 'a and (b and c) is null'), checked('a boolean, b boolean, c boolean', 'a and b and c is null'), ['checkDropped', 'checkAdded']],
    ['with and without time zone', '(a timestamp)', '(a timestamptz)', ['columnChanged type']],
    ['json and jsonb', '(a json)', '(a jsonb)', ['columnChanged type']],
    ['elements of arrays', '(a integer[])', '(a bigint[])', ['columnChanged type']],
    ['the moment of the transaction and of the clock', '(a timestamptz default now())', '(a timestamptz default clock_timestamp())', ['columnChanged default']],
    ['a comment', ['(a integer)', `comment on column @.a is 'x'`, `comment on table @ is 'x'`], ['(a integer)', `comment on column @.a is 'y'`], ['tableCommentChanged', 'columnChanged comment']],
  ],
}

/** Known to differ, but not in anything that a declaration can say. */
const beyond: Readonly<Record<Dialect, readonly Spellings[]>> = {
  sqlite: [
    ['collation of a column', '(a text collate nocase)', '(a text)'],
    ['autoincrement', '(a integer primary key autoincrement)', '(a integer primary key)'],
    ['strict', '(a text) strict', '(a text)'],
    ['without rowid', '(a text not null primary key) without rowid', '(a text not null primary key)'],
    ['what happens on conflict', '(a text unique on conflict ignore)', '(a text unique)'],
    ['deferred foreign keys', '(a integer primary key, b integer references @ (a) deferrable initially deferred)', '(a integer primary key, b integer references @ (a))'],
  ],
  postgres: [
    ['serial', '(a serial primary key)', '(a integer primary key)'],
    ['identity', '(a integer generated by default as identity primary key)', '(a integer primary key)'],
    ['collation of a column', '(a text collate "C")', '(a text)'],
    ['deferrable', '(a integer unique deferrable)', '(a integer unique)'],
    ['nulls not distinct', '(a integer unique nulls not distinct)', '(a integer unique)'],
    ['kind of index', ['(a integer)', 'create index i_@ on @ using hash (a)'], ['(a integer)', 'create index i_@ on @ (a)']],
    ['columns that an index carries', ['(a integer, b integer)', 'create index i_@ on @ (a) include (b)'], ['(a integer, b integer)', 'create index i_@ on @ (a)']],
    ['not valid', ['(a integer)', 'alter table @ add check (a > 0) not valid'], '(a integer, check (a > 0))'],
    ['exclusion constraint', '(a int4range, exclude using gist (a with &&))', '(a int4range)'],
    ['row level security', ['(a integer)', 'alter table @ enable row level security'], '(a integer)'],
    ['columns that a delete sets', '(a integer, b integer, c integer, unique (a, b), foreign key (a, c) references @ (a, b) on delete set null (c))', '(a integer, b integer, c integer, unique (a, b), foreign key (a, c) references @ (a, b) on delete set null)'],
    ['match full', '(a integer primary key, b integer references @ (a) match full)', '(a integer primary key, b integer references @ (a))'],
  ],
}

/** A declared schema, and the tables as a person or another migration tool writes them. */
const byHand = {
  schema: defineSchema({
    users: table({
      id: c.integer().primaryKey(),
      email: c.text({ length: 255 }).notNull().unique(),
      role: c.enum(['admin', 'member']).notNull().default('member'),
      is_active: c.boolean().notNull().default(true),
      balance: c.numeric(10, 2).default(1.5),
      profile: c.json().default({ a: 1 }),
      created_at: c.instant().notNull().defaultNow(),
      born_on: c.date(),
      score: c.real().notNull().default(-1.5),
    }),
    posts: table(
      {
        author_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }),
        slug: c.text().notNull(),
        body: c.text(),
        views: c.bigint().notNull().default(0),
        slug_length: c.integer().generated('length(slug)'),
      },
      {
        primaryKey: ['author_id', 'slug'],
        uniques: [{ name: 'uq_posts_slug', columns: ['slug'] }],
        indexes: [{ name: 'ix_posts_views', columns: ['views'], where: 'views > 0' }, { name: 'ix_posts_lower', columns: [{ expression: 'lower(slug)', order: 'desc' }, 'views'] }],
        checks: [{ name: 'ck_posts_slug', expression: "slug <> ''" }],
      },
    ),
  }),
  sqlite: [
    `CREATE TABLE users (
\tid INTEGER NOT NULL,
\temail VARCHAR(255) NOT NULL,
\trole TEXT DEFAULT 'member' NOT NULL CHECK (role IN ('member', 'admin')),
\tis_active BOOLEAN DEFAULT 1 NOT NULL,
\tbalance DECIMAL(10,2) DEFAULT 1.50,
\tprofile JSON DEFAULT '{"a": 1}',
\tcreated_at DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) NOT NULL,
\tborn_on DATE,
\tscore FLOAT DEFAULT '-1.5' NOT NULL,
\tPRIMARY KEY (id),
\tUNIQUE (email)
)`,
    `create table posts (author_id integer not null, slug text not null check (slug!=''), body text default null, views bigint default (0) not null, slug_length int as (LENGTH("slug")) stored,
      primary key (author_id, slug), unique (slug), foreign key(author_id) references users (id) on delete cascade)`,
    'CREATE INDEX ix_posts_views ON posts (views) WHERE "views">0',
    'CREATE INDEX ix_posts_lower ON posts (LOWER(slug) DESC, "views")',
  ],
  postgres: [
    `CREATE TABLE users (
\tid INT NOT NULL,
\temail VARCHAR(255) NOT NULL,
\trole TEXT DEFAULT 'member' NOT NULL CHECK (role IN ('member', 'admin')),
\tis_active BOOLEAN DEFAULT 't' NOT NULL,
\tbalance DECIMAL(10,2) DEFAULT 1.50,
\tprofile JSONB DEFAULT '{"a":1}',
\tcreated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
\tborn_on DATE,
\tscore FLOAT DEFAULT '-1.5' NOT NULL,
\tPRIMARY KEY (id),
\tUNIQUE (email)
)`,
    `create table posts (author_id int references users on delete cascade, slug varchar not null check (slug!=''), body text default null, views int8 default '0' not null, slug_length int generated always as (LENGTH("slug")) stored,
      primary key (author_id, slug), unique (slug))`,
    'CREATE INDEX ix_posts_views ON posts USING btree ("views") WHERE ("views">0)',
    'CREATE INDEX ix_posts_lower ON posts (LOWER(slug) DESC, "views")',
  ],
}

describe('compareSchemas', () => {
  describe.each(engineNames)('on %s', (name) => {
    const dialect = name === 'sqljs memory' ? 'sqlite' : 'postgres'

    it('takes other spellings of the same for the same', async () => {
      const spellings = [...sameEverywhere, ...sameOn[dialect]]
      const byTitle = await compareAll(name, spellings, true)
      expect(byTitle).toEqual(Object.fromEntries(spellings.map(([title]) => [title, []])))
    })

    it('finds what differs, and that alone', async () => {
      const spellings = [...different, ...differentOn[dialect]]
      const byTitle = await compareAll(name, spellings.map(([title, from, to]) => [title, from, to]), true)
      expect(byTitle).toEqual(Object.fromEntries(spellings.map(([title, , , found]) => [title, found])))
    })

    it('takes tables made by hand or by another program for the declared ones', async () => {
      await using declared = await engineNamed(name).open()
      await using live = await engineNamed(name).open()
      await using shadow = await engineNamed(name).open()
      await buildSchema(declared, byHand.schema)
      for (const sql of byHand[dialect]) await live.query({ sql })
      expect(await compareSchemas(await introspect(live), await introspect(declared), { shadow })).toEqual({ differences: [], notComparable: [] })
    })

    it('names what differs beyond a declaration, and makes no change of it', async () => {
      const byTitle = await compareAll(name, beyond[dialect], true)
      expect(byTitle).toEqual(Object.fromEntries(beyond[dialect].map(([title]) => [title, ['differs']])))
    })
  })
})

describe('compareSchemas', () => {
  it.each(engineNames)('names tables that come and go, in order, and only what is asked for, on %s', async (name) => {
    await using one = await engineNamed(name).open()
    await using two = await engineNamed(name).open()
    for (const table of ['zebra', 'kept', 'gone']) await one.query({ sql: `create table ${table} (a integer)` })
    for (const table of ['come', 'kept', 'apple']) await two.query({ sql: `create table ${table} (a integer)` })
    const [from, to] = [await introspect(one), await introspect(two)]
    const kinds = async (include?: (kind: string, name: string) => boolean): Promise<readonly string[]> =>
      (await compareSchemas(from, to, { include })).differences.map((difference) => `${difference.kind} ${'table' in difference ? difference.table : difference.name}`)
    expect(await kinds()).toEqual(['tableAdded apple', 'tableAdded come', 'tableDropped gone', 'tableDropped zebra'])
    expect(await kinds((_, table) => table !== 'zebra' && table !== 'apple')).toEqual(['tableAdded come', 'tableDropped gone'])
  })

  it('compares enum types once, before the tables', async () => {
    await using one = await engineNamed('pglite memory').open()
    await using two = await engineNamed('pglite memory').open()
    await using shadow = await engineNamed('pglite memory').open()
    for (const sql of [`create type mood as enum ('bad', 'good')`, `create type gone as enum ('x')`, `create table t (m mood default 'bad', k gone, check (m > 'bad'))`]) await one.query({ sql })
    for (const sql of [`create type mood as enum ('bad', 'fair', 'good')`, `create type come as enum ('x')`, `create table t (m mood default 'fair', k come, check (m <> 'bad'))`]) await two.query({ sql })
    const { differences, notComparable } = await compareSchemas(await introspect(one), await introspect(two), { shadow })
    expect(notComparable).toEqual([])
    expect(differences).toMatchObject([
      { kind: 'enumAdded', name: 'come', values: ['x'] },
      { kind: 'enumDropped', name: 'gone', values: ['x'] },
      { kind: 'enumChanged', name: 'mood', from: ['bad', 'good'], to: ['bad', 'fair', 'good'] },
      { kind: 'columnChanged', column: 'm', aspects: ['default'] },
      { kind: 'columnChanged', column: 'k', aspects: ['type'] },
      { kind: 'checkDropped' },
      { kind: 'checkAdded' },
    ])
  })

  it('says that it cannot compare what the shadow does not know, and why', async () => {
    await using one = await engineNamed('pglite memory').open()
    await using two = await engineNamed('pglite memory').open()
    await using shadow = await engineNamed('pglite memory').open()
    const create = 'create function fine(integer) returns boolean immutable language sql as $$ select $1 > 0 $$'
    for (const storage of [one, two]) await storage.query({ sql: create })
    await one.query({ sql: `create table t (a integer default length(version()), b boolean generated always as (fine(a)) stored, constraint c check (fine(a) and a > 0), constraint d check (a < 9))` })
    await one.query({ sql: 'create index i on t (a) where fine(a)' })
    await two.query({ sql: `create table t (a integer default length(version()), b boolean generated always as (a > 0 and fine(a)) stored, constraint c check (a > 0 and fine(a)), constraint d check (9 > a))` })
    await two.query({ sql: 'create index i on t (a) where (fine(a) and fine(a))' })
    const { differences, notComparable } = await compareSchemas(await introspect(one), await introspect(two), { shadow })
    expect(differences).toMatchObject([{ kind: 'checkDropped', check: { name: 'd' } }, { kind: 'checkAdded', check: { name: 'd' } }])
    const why = 'function fine(integer) does not exist.'
    expect(notComparable).toEqual([
      { object: 'expression of column "t"."b"', why },
      { object: 'index "i" of table "t"', why },
      { object: 'check "c" of table "t"', why },
    ])
    // With the function there, the same is proven to differ.
    await shadow.query({ sql: create })
    expect(await compareSchemas(await introspect(one), await introspect(two), { shadow })).toMatchObject({ notComparable: [], differences: { length: 7 } })
  })

  it('takes what differs in text for different where it has no shadow', async () => {
    await using one = await engineNamed('sqljs memory').open()
    await using two = await engineNamed('sqljs memory').open()
    await one.query({ sql: 'create table t (a integer, check (a > 0 and (a < 9)))' })
    await two.query({ sql: 'create table T (A INTEGER, check (a>0 AND a<9))' })
    const [from, to] = [await introspect(one), await introspect(two)]
    expect((await compareSchemas(from, to)).differences).toMatchObject([{ kind: 'checkDropped' }, { kind: 'checkAdded' }])
    await using shadow = await engineNamed('sqljs memory').open()
    expect((await compareSchemas(from, to, { shadow })).differences).toEqual([])
  })

  it.each(engineNames)('leaves the shadow as it was, and takes one that holds the same tables, on %s', async (name) => {
    await using storage = await engineNamed(name).open()
    await storage.query({ sql: 'create table t (a integer default 0, check (a > 0))' })
    const live = await introspect(storage)
    const other = await introspect(storage)
    const table = other.tables.get('t')
    if (table === undefined) throw new TypeError('The table is there')
    const changed = { ...other, tables: new Map([['t', { ...table, checks: [{ expression: '((a) > (1 + 0))' }] }]]) }
    expect((await compareSchemas(live, changed, { shadow: storage })).differences).toMatchObject([{ kind: 'checkDropped' }, { kind: 'checkAdded' }])
    expect(await introspect(storage)).toEqual(live)
    expect((await storage.query({ sql: 'select * from t' })).rows).toEqual([])
  })

  it('refuses schemas of two dialects', async () => {
    await using sqlite = await engineNamed('sqljs memory').open()
    const live = await introspect(sqlite)
    await expect(compareSchemas(live, { ...live, dialect: 'postgres' })).rejects.toThrow(TypeError)
  })
})

/** Makes each pair of spellings as one table, in two databases, and says what a comparison finds, by title. */
async function compareAll(name: EngineName, spellings: readonly Spellings[], withShadow: boolean): Promise<Record<string, readonly string[]>> {
  await using from = await engineNamed(name).open()
  await using to = await engineNamed(name).open()
  await using shadow = await engineNamed(name).open()
  const tableOf = (title: string): string => `t_${title.replaceAll(/\W+/g, '_').toLowerCase()}`
  for (const [title, before, after] of spellings) {
    for (const [storage, texts] of [[from, before], [to, after]] as const) {
      const [first = '', ...rest] = [texts].flat()
      for (const sql of [`create table @ ${first}`, ...rest]) await storage.query({ sql: sql.replaceAll('@', tableOf(title)) })
    }
  }
  const comparison = await compareSchemas(await introspect(from), await introspect(to), withShadow ? { shadow } : {})
  return Object.fromEntries(spellings.map(([title]) => [title, found(comparison, tableOf(title))]))
}

function found({ differences, notComparable }: SchemaComparison, tableName: string): readonly string[] {
  return [
    ...differences.flatMap((difference) => {
      if (!('table' in difference) || difference.table !== tableName) return []
      if (difference.kind === 'columnChanged') return [`columnChanged ${difference.aspects.join()}`]
      return ['column' in difference ? `${difference.kind} ${difference.column.name}` : difference.kind]
    }),
    ...notComparable.flatMap(({ object, why, differs }) => (object.includes(`"${tableName}"`) ? [differs === true ? 'differs' : why] : [])),
  ]
}

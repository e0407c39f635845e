/** Each rule with a revision that trips it and one like it that does not, beside a live database and without one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lintRevision, type LintRevisionOptions } from '../../../src/migrate/lint/lint-revisions.ts'
import type { Finding, Severity } from '../../../src/migrate/lint/finding.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import type { Dialect, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

type Way = (op: Op) => Promise<void>
const nothing = async (): Promise<void> => undefined
function revision(upgrade: Way, more: Partial<RevisionSpec> = {}): Revision {
  return defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade, ...('irreversible' in more ? {} : { downgrade: nothing }), ...more })
}

// `posts` is filled, `empty` is not, `big` is large.
const live: Record<Dialect, readonly string[]> = {
  sqlite: [
    'create table authors (id integer primary key, name text, born instant text)',
    'create table posts (id integer primary key, author_id integer, slug text, title varchar(20), body text, views bigint, price numeric(10, 2), at instant text, kind text, doubled integer generated always as (id * 2) stored)',
    `insert into authors values (1, 'Ann', '1980-05-05T00:00:00.000Z')`,
    `insert into posts values (1, 1, 'a', 'one', null, 5, 1.25, '2026-03-03T08:00:00.000Z', 'x'), (2, 9, 'a', 'two', null, 3000000000, 2, null, 'y')`,
    'create table empty (id integer primary key, n integer, t text)',
    'create table big (id integer primary key, n integer, t text)',
    `insert into big (n, t) select value, 't' from (with recursive r(value) as (select 1 union all select value + 1 from r where value < 10000) select value from r)`,
  ],
  postgres: [
    `create type mood as enum ('calm', 'angry')`,
    'create table authors (id integer primary key, name text, born timestamptz(3))',
    'create table posts (id integer primary key, author_id integer, slug text, title varchar(20), body text, views bigint, price numeric(10, 2), at timestamptz(3), kind text, doubled integer generated always as (id * 2) stored, mood mood)',
    `insert into authors values (1, 'Ann', '1980-05-05T00:00:00.000Z')`,
    `insert into posts values (1, 1, 'a', 'one', null, 5, 1.25, '2026-03-03T08:00:00.000Z', 'x'), (2, 9, 'a', 'two', null, 3000000000, 2, null, 'y')`,
    'create table measures (fine double precision, rough double precision)',
    'insert into measures values (0.30000000000000004, 0.1)',
    'create table empty (id integer primary key, n integer, t text)',
    'create table big (id integer primary key, n integer, t text)',
    `insert into big select g, g, 't' from generate_series(1, 10000) as g`,
    'alter table big add constraint ck_t check (t is not null)',
    'alter table big add constraint ck_n check (n is not null) not valid',
  ],
}

interface Case {
  readonly rule: string
  readonly name: string
  readonly upgrade: Way
  /** With the live database; undefined: no such finding. */
  readonly live: Severity | undefined
  /** With neither database nor sizes. */
  readonly blind: Severity | undefined
  readonly only?: Dialect
  readonly more?: Partial<RevisionSpec>
}

const batched = (table: string, changes: Parameters<Op['batch']>[1]): Way => (op) => op.batch(table, changes)
const cases: readonly Case[] = [
  { rule: 'drop-table-with-rows', name: 'with rows', upgrade: (op) => op.dropTable('posts'), live: 'error', blind: 'error' },
  { rule: 'drop-table-with-rows', name: 'that is empty', upgrade: (op) => op.dropTable('empty'), live: undefined, blind: 'error' },
  { rule: 'drop-table-with-rows', name: 'that the revision itself made', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.dropTable('t') }, live: undefined, blind: undefined },

  { rule: 'drop-column-with-data', name: 'with values', upgrade: (op) => op.dropColumn('posts', 'slug'), live: 'error', blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'with nulls only', upgrade: (op) => op.dropColumn('posts', 'body'), live: undefined, blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'that is generated', upgrade: (op) => op.dropColumn('posts', 'doubled'), live: undefined, blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'in a batch', upgrade: batched('posts', (t) => t.dropColumn('slug')), live: 'error', blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'under another name', upgrade: async (op) => { await op.renameTable('posts', 'p2'); await op.alterColumn('p2', 'slug', { name: 's' }); await op.dropColumn('p2', 's') }, live: 'error', blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'that is lost on purpose', upgrade: (op) => op.dropColumn('posts', 'slug'), more: { lossy: 'the slugs go' }, live: 'error', blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'that was just added and is generated', upgrade: async (op) => { await op.addColumn('posts', 'x', c.integer().generated('id * 2', { stored: false })); await op.dropColumn('posts', 'x') }, live: undefined, blind: undefined },
  { rule: 'drop-column-with-data', name: 'that was just added and filled', upgrade: async (op) => { await op.addColumn('posts', 'x', c.text()); await op.updateInBatches('posts', { set: `x = 'a'` }); await op.dropColumn('posts', 'x') }, live: 'warning', blind: 'warning' },
  { rule: 'drop-column-with-data', name: 'that was just added', upgrade: async (op) => { await op.addColumn('posts', 'x', c.text()); await op.dropColumn('posts', 'x') }, live: undefined, blind: undefined },

  { rule: 'narrow-type', name: 'that values do not fit', upgrade: (op) => op.alterColumn('posts', 'title', { type: c.text({ length: 2 }) }), live: 'error', blind: 'warning' },
  { rule: 'narrow-type', name: 'that values happen to fit', upgrade: (op) => op.alterColumn('posts', 'title', { type: c.text({ length: 10 }) }), live: undefined, blind: 'warning' },
  { rule: 'narrow-type', name: 'that is wider', upgrade: (op) => op.alterColumn('posts', 'title', { type: c.text() }), live: undefined, blind: undefined },
  { rule: 'narrow-type', name: 'with too small an integer', upgrade: (op) => op.alterColumn('posts', 'views', { type: c.integer() }), live: 'error', blind: 'warning', only: 'postgres' },
  { rule: 'narrow-type', name: 'of integers, which are all the same', upgrade: (op) => op.alterColumn('posts', 'views', { type: c.integer() }), live: undefined, blind: 'warning', only: 'sqlite' },
  { rule: 'narrow-type', name: 'that rounds', upgrade: (op) => op.alterColumn('posts', 'price', { type: c.integer() }), live: 'error', blind: 'warning' },
  { rule: 'narrow-type', name: 'that cuts the time of day', upgrade: (op) => op.alterColumn('posts', 'at', { type: c.date() }), live: 'error', blind: 'warning' },
  { rule: 'narrow-type', name: 'of instants that are all midnight', upgrade: (op) => op.alterColumn('authors', 'born', { type: c.date() }), live: undefined, blind: 'warning' },
  { rule: 'narrow-type', name: 'of an enum without a value that is there', upgrade: (op) => op.alterColumn('posts', 'kind', { type: c.enum(['x']) }), live: 'error', blind: 'warning' },
  { rule: 'narrow-type', name: 'of an enum with all values that are there', upgrade: (op) => op.alterColumn('posts', 'kind', { type: c.enum(['x', 'y']) }), live: undefined, blind: 'warning' },
  { rule: 'narrow-type', name: 'with `using`, which only the statement can judge', upgrade: (op) => op.alterColumn('posts', 'kind', { type: c.text({ length: 1 }), using: 'substr(kind, 1, 1)' }), live: 'warning', blind: 'warning' },
  { rule: 'narrow-type', name: 'of doubles with more digits than a numeric gets from them', upgrade: (op) => op.alterColumn('measures', 'fine', { type: c.numeric() }), live: 'error', blind: 'warning', only: 'postgres' },
  { rule: 'narrow-type', name: 'of doubles with few digits', upgrade: (op) => op.alterColumn('measures', 'rough', { type: c.numeric() }), live: undefined, blind: 'warning', only: 'postgres' },
  { rule: 'narrow-type', name: 'in a batch', upgrade: batched('posts', (t) => t.alterColumn('title', { type: c.text({ length: 2 }) })), live: 'error', blind: 'warning' },
  { rule: 'narrow-type', name: 'into a uuid, which is a text there', upgrade: (op) => op.alterColumn('posts', 'slug', { type: c.uuid() }), live: undefined, blind: 'warning', only: 'sqlite' },
  { rule: 'narrow-type', name: 'into a uuid', upgrade: (op) => op.alterColumn('posts', 'slug', { type: c.uuid() }), live: 'error', blind: 'warning', only: 'postgres' },
  { rule: 'narrow-type', name: 'behind a statement that may have made the values fit', upgrade: async (op) => { await op.execute('update posts set title = slug'); await op.alterColumn('posts', 'title', { type: c.text({ length: 2 }) }) }, live: 'warning', blind: 'warning' },
  { rule: 'narrow-type', name: 'of an empty table', upgrade: (op) => op.alterColumn('empty', 't', { type: c.integer() }), live: undefined, blind: 'warning' },

  { rule: 'not-null-without-default', name: 'on a filled table', upgrade: (op) => op.addColumn('posts', 'n', c.integer().notNull()), live: 'error', blind: 'error' },
  { rule: 'not-null-without-default', name: 'on an empty table', upgrade: (op) => op.addColumn('empty', 'x', c.integer().notNull()), live: undefined, blind: 'error' },
  { rule: 'not-null-without-default', name: 'with a default', upgrade: (op) => op.addColumn('posts', 'n', c.integer().notNull().default(1)), live: undefined, blind: undefined },
  { rule: 'not-null-without-default', name: 'that is generated', upgrade: (op) => op.addColumn('posts', 'n', c.integer().notNull().generated('id + 1')), live: undefined, blind: undefined },
  { rule: 'not-null-without-default', name: 'on a table that the revision made and a statement may have filled', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.execute('insert into t select id from posts'); await op.addColumn('t', 'n', c.integer().notNull()) }, live: 'error', blind: 'error' },
  { rule: 'not-null-without-default', name: 'on an empty table that the revision fills', upgrade: async (op) => { await op.insert('empty', [{ id: 1 }]); await op.addColumn('empty', 'x', c.integer().notNull()) }, live: 'error', blind: 'error' },
  { rule: 'not-null-without-default', name: 'on a table that the revision made and filled', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.insert('t', [{ id: 1 }]); await op.addColumn('t', 'n', c.integer().notNull()) }, live: 'error', blind: 'error' },

  { rule: 'not-null-over-nulls', name: 'with nulls', upgrade: (op) => op.alterColumn('posts', 'body', { nullable: false }), live: 'error', blind: 'warning' },
  { rule: 'not-null-over-nulls', name: 'without nulls', upgrade: (op) => op.alterColumn('posts', 'slug', { nullable: false }), live: undefined, blind: 'warning' },
  { rule: 'not-null-over-nulls', name: 'over a new column that nothing fills', upgrade: async (op) => { await op.addColumn('posts', 'n', c.text()); await op.alterColumn('posts', 'n', { nullable: false }) }, live: 'error', blind: 'error' },
  { rule: 'not-null-over-nulls', name: 'over nulls that a statement before may have filled', upgrade: async (op) => { await op.execute(`update "posts" set body = ''`); await op.alterColumn('posts', 'body', { nullable: false }) }, live: 'notice', blind: undefined },
  { rule: 'not-null-over-nulls', name: 'over a new column that was filled in batches', upgrade: async (op) => { await op.addColumn('posts', 'n', c.text()); await op.updateInBatches('posts', { set: `n = ''` }); await op.alterColumn('posts', 'n', { nullable: false }) }, live: 'notice', blind: 'notice' },
  { rule: 'not-null-over-nulls', name: 'behind a statement about another table', upgrade: async (op) => { await op.execute('delete from authors'); await op.alterColumn('posts', 'body', { nullable: false }) }, live: 'error', blind: 'warning' },
  { rule: 'not-null-over-nulls', name: 'over nulls that were filled in batches', upgrade: async (op) => { await op.updateInBatches('posts', { set: `body = ''`, where: 'body is null' }); await op.alterColumn('posts', 'body', { nullable: false }) }, live: 'notice', blind: undefined },

  { rule: 'unique-over-duplicates', name: 'over duplicates', upgrade: (op) => op.createUnique('uq', 'posts', ['slug']), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'over none', upgrade: (op) => op.createUnique('uq', 'posts', ['slug', 'title']), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'over nulls, which are no duplicates', upgrade: (op) => op.createUnique('uq', 'posts', ['body']), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a unique index over an expression', upgrade: (op) => op.createIndex('ix', 'posts', [{ expression: 'upper(slug)' }], { unique: true }), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a unique index over a part', upgrade: (op) => op.createIndex('ix', 'posts', ['slug'], { unique: true, where: 'id = 1' }), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a primary key over nulls', upgrade: (op) => op.createPrimaryKey('pk', 'posts', ['body']), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a new column with one default for all', upgrade: (op) => op.addColumn('posts', 'code', c.text().unique().default('x')), live: 'error', blind: 'error' },
  { rule: 'unique-over-duplicates', name: 'of a new column with one default for a single row', upgrade: (op) => op.addColumn('authors', 'code', c.text().notNull().unique().default('x')), live: undefined, blind: 'error' },
  { rule: 'unique-over-duplicates', name: 'of rows that a condition leaves', upgrade: (op) => op.createIndex('ux', 'posts', ['slug'], { unique: true, where: 'id > 0' }), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of rows that a condition leaves out', upgrade: (op) => op.createIndex('ux', 'posts', ['slug'], { unique: true, where: 'id > 1' }), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of an expression', upgrade: (op) => op.createIndex('ux', 'posts', ['author_id', { expression: 'author_id * 0' }], { unique: true }), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of an expression that is the same for all', upgrade: (op) => op.createIndex('ux', 'posts', [{ expression: 'id * 0' }], { unique: true }), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a unique index over nulls', upgrade: (op) => op.createIndex('ux', 'posts', ['body'], { unique: true }), live: undefined, blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a new column that is not unique', upgrade: (op) => op.addColumn('posts', 'code', c.text().default('x')), live: undefined, blind: undefined },
  { rule: 'unique-over-duplicates', name: 'of columns, where another name has changed', upgrade: async (op) => { await op.alterColumn('posts', 'body', { name: 'words' }); await op.createUnique('uq', 'posts', ['slug']) }, live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of rows that a condition leaves, where a name has changed', upgrade: async (op) => { await op.alterColumn('posts', 'body', { name: 'words' }); await op.createIndex('ux', 'posts', ['slug'], { unique: true, where: 'id > 0' }) }, live: 'warning', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of an expression, where a name has changed', upgrade: async (op) => { await op.alterColumn('posts', 'body', { name: 'words' }); await op.createIndex('ux', 'posts', [{ expression: 'id * 0' }], { unique: true }) }, live: 'warning', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'behind a statement that may have merged them', upgrade: async (op) => { await op.execute('delete from posts where id = 2'); await op.createUnique('uq', 'posts', ['slug']) }, live: 'notice', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of a primary key with a null in one of its columns', upgrade: (op) => op.createPrimaryKey('pk', 'posts', ['id', 'body']), live: 'error', blind: 'warning' },
  { rule: 'unique-over-duplicates', name: 'of an index that is not unique', upgrade: (op) => op.createIndex('ix', 'posts', ['slug']), live: undefined, blind: undefined },
  { rule: 'unique-over-duplicates', name: 'of a new column that is null', upgrade: (op) => op.addColumn('posts', 'code', c.text().unique()), live: undefined, blind: undefined },

  { rule: 'check-over-violations', name: 'that rows do not meet', upgrade: (op) => op.createCheck('ck', 'posts', 'views < 100'), live: 'error', blind: 'warning' },
  { rule: 'check-over-violations', name: 'that names its table', upgrade: async (op) => { await op.renameTable('posts', 'p2'); await op.createCheck('ck', 'p2', 'p2.views < 100') }, live: 'error', blind: 'warning' },
  { rule: 'check-over-violations', name: 'that all rows meet', upgrade: (op) => op.createCheck('ck', 'posts', 'views > 0'), live: undefined, blind: 'warning' },
  { rule: 'check-over-violations', name: 'over a column that is not there yet', upgrade: async (op) => { await op.addColumn('posts', 'n', c.integer()); await op.createCheck('ck', 'posts', 'n > 0') }, live: 'warning', blind: 'warning' },

  { rule: 'check-over-violations', name: 'over a column that has another name by then', upgrade: async (op) => { await op.alterColumn('posts', 'views', { name: 'v' }); await op.createCheck('ck', 'posts', 'v > 0') }, live: 'warning', blind: 'warning' },
  { rule: 'check-over-violations', name: 'over a column that is not there yet, in quotes', upgrade: async (op) => { await op.addColumn('posts', 'n', c.integer()); await op.createCheck('ck', 'posts', '"n" > 0') }, live: 'warning', blind: 'warning' },
  { rule: 'check-over-violations', name: 'over a column that has another type by then', upgrade: async (op) => { await op.alterColumn('posts', 'views', { type: c.text() }); await op.createCheck('ck', 'posts', 'views < 100') }, live: 'warning', blind: 'warning' },
  { rule: 'check-over-violations', name: 'behind a change of neither names nor types', upgrade: async (op) => { await op.alterColumn('posts', 'views', { default: 5 }); await op.createCheck('ck', 'posts', 'views < 100') }, live: 'error', blind: 'warning' },
  { rule: 'check-over-violations', name: 'that the database cannot answer', upgrade: (op) => op.createCheck('ck', 'posts', 'no_such_column > 0'), live: 'warning', blind: 'warning' },
  { rule: 'check-over-violations', name: 'behind a statement that may have mended the rows', upgrade: async (op) => { await op.execute('update posts set views = 1'); await op.createCheck('ck', 'posts', 'views < 100') }, live: 'notice', blind: 'warning' },
  { rule: 'check-over-violations', name: 'of a table that the revision made', upgrade: async (op) => { await op.createTable('t', { n: c.integer() }); await op.createCheck('ck', 't', 'n > 0') }, live: undefined, blind: undefined },

  { rule: 'foreign-key-over-orphans', name: 'to a table that is not there yet', upgrade: async (op) => { await op.createTable('t', { id: c.integer().primaryKey() }); await op.createForeignKey('fk', 'posts', ['author_id'], { table: 't', columns: ['id'] }) }, live: 'warning', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'to a column that is not there yet', upgrade: async (op) => { await op.addColumn('authors', 'n', c.integer()); await op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['n'] }) }, live: 'warning', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'over orphans', upgrade: (op) => op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['id'] }), live: 'error', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'over none', upgrade: (op) => op.createForeignKey('fk', 'posts', ['id'], { table: 'posts', columns: ['id'] }), live: undefined, blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'that is not valid yet', upgrade: (op) => op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['id'] }, { notValid: true }), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'foreign-key-over-orphans', name: 'of a new column with one default for all', upgrade: async (op) => { await op.addColumn('posts', 'n', c.integer().default(5)); await op.createForeignKey('fk', 'posts', ['n'], { table: 'authors', columns: ['id'] }) }, live: 'warning', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'of a new generated column', upgrade: async (op) => { await op.addColumn('posts', 'n', c.integer().generated('id + 1', { stored: false })); await op.createForeignKey('fk', 'posts', ['n'], { table: 'authors', columns: ['id'] }) }, live: 'warning', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'that SQLite cannot leave for later', upgrade: (op) => op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['id'] }, { notValid: true }), live: 'error', blind: 'warning', only: 'sqlite' },
  { rule: 'foreign-key-over-orphans', name: 'behind a statement that may have put them right', upgrade: async (op) => { await op.execute('delete from posts where id = 2'); await op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['id'] }) }, live: 'notice', blind: 'warning' },
  { rule: 'foreign-key-over-orphans', name: 'of two columns, one of them new', upgrade: async (op) => { await op.addColumn('posts', 'n', c.text()); await op.createForeignKey('fk', 'posts', ['author_id', 'n'], { table: 'authors', columns: ['id', 'name'] }) }, live: undefined, blind: undefined },
  { rule: 'foreign-key-over-orphans', name: 'of a new column', upgrade: async (op) => { await op.addColumn('posts', 'n', c.integer()); await op.createForeignKey('fk', 'posts', ['n'], { table: 'authors', columns: ['id'] }) }, live: undefined, blind: undefined },

  { rule: 'concurrent-in-transaction', name: 'in a transaction', upgrade: (op) => op.createIndex('ix', 'posts', ['slug'], { concurrently: true }), live: 'error', blind: 'error' },
  { rule: 'concurrent-in-transaction', name: 'of a drop in a transaction', upgrade: (op) => op.dropIndex('ix', 'posts', { concurrently: true }), live: 'error', blind: 'error' },
  { rule: 'concurrent-in-transaction', name: 'outside of one', upgrade: (op) => op.createIndex('ix', 'posts', ['slug'], { concurrently: true }), more: { transaction: false }, live: undefined, blind: undefined },
  { rule: 'concurrent-in-transaction', name: 'of an ordinary index', upgrade: (op) => op.createIndex('ix', 'posts', ['slug']), live: undefined, blind: undefined },

  { rule: 'enum-value-used-in-same-revision', name: 'in rows', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.insert('posts', [{ id: 9, mood: 'glad' }]) }, live: 'error', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a default', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.addColumn('posts', 'm', c.enum(['calm', 'angry', 'glad'], { name: 'mood' }).default('glad')) }, live: 'error', blind: 'error', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a statement', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.execute(`update posts set mood = 'glad'`) }, live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a parameter', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.execute(`update posts set mood = $1`, ['glad']) }, live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'as a text of another column', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.insert('posts', [{ id: 9, kind: 'glad' }]) }, live: undefined, blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'of another value', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.insert('posts', [{ id: 9, mood: 'calm' }]) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'where each operation commits by itself', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.insert('posts', [{ id: 9, mood: 'glad' }]) }, more: { transaction: false }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'of a type that the revision made', upgrade: async (op) => { await op.createEnum('m2', ['a']); await op.alterEnum('m2', { add: 'b' }); await op.createTable('t', { m: c.enum(['a', 'b'], { name: 'm2' }).default('b') }) }, live: undefined, blind: undefined, only: 'postgres' },

  { rule: 'enum-value-used-in-same-revision', name: 'in the default of a column that is there', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.alterColumn('posts', 'mood', { type: c.enum(['calm', 'angry', 'glad'], { name: 'mood' }), default: 'glad' }) }, live: 'error', blind: 'error', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in the default of a new table', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.createTable('t', { id: c.integer(), m: c.enum(['calm', 'angry', 'glad'], { name: 'mood' }).default('glad'), n: c.enum(['calm', 'angry', 'glad'], { name: 'mood' }) }) }, live: 'error', blind: 'error', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in no default', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.createTable('t', { m: c.enum(['calm', 'angry', 'glad'], { name: 'mood' }).default('calm'), n: c.enum(['calm', 'angry', 'glad'], { name: 'mood' }), k: c.text().default('glad') }) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'as the default of another enum', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.addColumn('posts', 'm', c.enum(['glad'], { name: 'other' }).default('glad')) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in rows of a table whose columns the revision tells', upgrade: async (op) => { await op.createTable('t', { k: c.text(), m: c.enum(['calm', 'angry'], { name: 'mood' }) }); await op.alterEnum('mood', { add: 'glad' }); await op.insert('t', [{ k: 'glad', m: 'glad' }]) }, live: 'error', blind: 'error', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a check', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.createCheck('ck', 'posts', `mood <> 'glad'`) }, live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a check of another value', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.createCheck('ck', 'posts', `mood <> 'calm'`) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'as what a batched update sets', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.updateInBatches('posts', { set: `mood = 'glad'` }) }, live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in what a batched update looks for', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.updateInBatches('posts', { set: `kind = 'z'`, where: `mood = 'glad'` }) }, live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in no batched update', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.updateInBatches('posts', { set: `mood = 'calm'`, where: 'glad is null' }) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'only before it is added', upgrade: async (op) => { await op.execute(`select 'glad'`); await op.alterEnum('mood', { add: 'glad' });  }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'enum-value-used-in-same-revision', name: 'in a batch', upgrade: async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.batch('posts', (t) => t.addColumn('m', c.enum(['calm', 'angry', 'glad'], { name: 'mood' }).default('glad'))) }, live: 'error', blind: 'error', only: 'postgres' },

  { rule: 'enum-in-transaction', name: 'in a transaction', upgrade: (op) => op.alterEnum('mood', { add: 'glad' }), live: 'notice', blind: 'notice', only: 'postgres' },
  { rule: 'enum-in-transaction', name: 'outside of one', upgrade: (op) => op.alterEnum('mood', { add: 'glad' }), more: { transaction: false }, live: undefined, blind: undefined, only: 'postgres' },

  { rule: 'table-rewrite', name: 'of a large table by a new type', upgrade: (op) => op.alterColumn('big', 'n', { type: c.bigint() }), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'table-rewrite', name: 'of a small one', upgrade: (op) => op.alterColumn('posts', 'author_id', { type: c.bigint() }), live: 'notice', blind: 'warning', only: 'postgres' },
  { rule: 'table-rewrite', name: 'of an empty one', upgrade: (op) => op.alterColumn('empty', 'n', { type: c.bigint() }), live: undefined, blind: 'warning', only: 'postgres' },
  { rule: 'table-rewrite', name: 'by a type that is the same on disk', upgrade: (op) => op.alterColumn('posts', 'title', { type: c.text() }), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'table-rewrite', name: 'by a default of its own for each row', upgrade: (op) => op.addColumn('big', 'u', c.uuid().defaultSql('gen_random_uuid()')), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'table-rewrite', name: 'by a default that is one for all', upgrade: (op) => op.addColumn('big', 'u', c.instant().notNull().defaultNow()), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'table-rewrite', name: 'by what `using` makes of the values', upgrade: (op) => op.alterColumn('big', 't', { type: c.text(), using: 'upper(t)' }), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'table-rewrite', name: 'of a table that the revision made', upgrade: async (op) => { await op.createTable('t', { n: c.integer() }); await op.alterColumn('t', 'n', { type: c.bigint() }) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'table-rewrite', name: 'by a stored generated column', upgrade: (op) => op.addColumn('big', 'u', c.integer().generated('n * 2')), live: 'warning', blind: 'warning', only: 'postgres' },

  { rule: 'index-not-concurrent', name: 'on a large table', upgrade: (op) => op.createIndex('ix', 'big', ['n']), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'on a small one', upgrade: (op) => op.createIndex('ix', 'posts', ['slug']), live: 'notice', blind: 'warning', only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'built concurrently', upgrade: (op) => op.createIndex('ix', 'big', ['n'], { concurrently: true }), more: { transaction: false }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'behind a primary key', upgrade: (op) => op.createPrimaryKey('pk', 'big', ['id']), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'behind a new column that is unique', upgrade: (op) => op.addColumn('big', 'x', c.text().unique()), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'behind no other column', upgrade: (op) => op.addColumn('big', 'x', c.text()), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'behind a key', upgrade: (op) => op.createUnique('uq', 'big', ['n']), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'index-not-concurrent', name: 'on a table that the revision made', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.createIndex('ix', 't', ['id']) }, live: undefined, blind: undefined, only: 'postgres' },

  { rule: 'foreign-key-validates', name: 'at once', upgrade: (op) => op.createForeignKey('fk', 'big', ['n'], { table: 'authors', columns: ['id'] }), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'foreign-key-validates', name: 'later', upgrade: (op) => op.createForeignKey('fk', 'big', ['n'], { table: 'authors', columns: ['id'] }, { notValid: true }), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'foreign-key-validates', name: 'of a table that the revision made', upgrade: async (op) => { await op.createTable('t', { n: c.integer() }); await op.createForeignKey('fk', 't', ['n'], { table: 'authors', columns: ['id'] }) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'foreign-key-validates', name: 'of a new column', upgrade: (op) => op.addColumn('big', 'a', c.integer().references('authors', 'id')), live: 'warning', blind: 'warning', only: 'postgres' },

  { rule: 'check-validates', name: 'at once', upgrade: (op) => op.createCheck('ck', 'big', 'n > 0'), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'check-validates', name: 'on an empty table', upgrade: (op) => op.createCheck('ck', 'empty', 'n > 0'), live: undefined, blind: 'warning', only: 'postgres' },
  { rule: 'check-validates', name: 'on a table that the revision made', upgrade: async (op) => { await op.createTable('t', { n: c.integer() }); await op.createCheck('ck', 't', 'n > 0') }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'check-validates', name: 'where a text becomes an enum without a name', upgrade: (op) => op.alterColumn('big', 't', { type: c.enum(['t']) }), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'check-validates', name: 'where a text becomes an enum type', upgrade: (op) => op.alterColumn('big', 't', { type: c.enum(['calm'], { name: 'mood' }) }), live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'check-validates', name: 'behind an enum without a name', upgrade: (op) => op.addColumn('big', 'e', c.enum(['a']).notNull().default('a')), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'check-validates', name: 'of an enum type, which has none', upgrade: (op) => op.addColumn('big', 'e', c.enum(['calm'], { name: 'mood' }).notNull().default('calm')), live: undefined, blind: undefined, only: 'postgres' },

  { rule: 'set-not-null-scans', name: 'a large table, also where a check is not valid yet', upgrade: (op) => op.alterColumn('big', 'n', { nullable: false }), live: 'warning', blind: 'warning', only: 'postgres' },
  { rule: 'set-not-null-scans', name: 'nothing where a check proves it', upgrade: (op) => op.alterColumn('big', 't', { nullable: false }), live: undefined, blind: 'warning', only: 'postgres' },
  { rule: 'set-not-null-scans', name: 'nothing of a table that the revision made', upgrade: async (op) => { await op.createTable('t', { n: c.integer() }); await op.alterColumn('t', 'n', { nullable: false }) }, live: undefined, blind: undefined, only: 'postgres' },
  { rule: 'set-not-null-scans', name: 'nothing the other way', upgrade: (op) => op.alterColumn('big', 'id', { nullable: true }), live: undefined, blind: undefined, only: 'postgres' },

  { rule: 'rebuild-large-table', name: 'for a key', upgrade: (op) => op.createUnique('uq', 'big', ['n']), live: 'warning', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a primary key', upgrade: (op) => op.createPrimaryKey('pk', 'big', ['id']), live: 'warning', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a foreign key', upgrade: (op) => op.createForeignKey('fk', 'big', ['n'], { table: 'authors', columns: ['id'] }), live: 'warning', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a check, which newer engines spare', upgrade: (op) => op.createCheck('ck', 'big', 'n > 0'), live: 'notice', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a constraint less, which newer engines spare', upgrade: (op) => op.dropConstraint('ck', 'big'), live: 'notice', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'once for a batch', upgrade: batched('big', async (t) => { await t.createCheck('ck', 'n > 0'); await t.createUnique('uq', ['n']) }), live: 'warning', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for nothing of a batch', upgrade: batched('big', (t) => t.addColumn('x', c.text())), live: undefined, blind: undefined, only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'of a small table', upgrade: (op) => op.createUnique('uq', 'posts', ['id']), live: undefined, blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'of a table that the revision made and filled', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.execute('insert into t select id from big'); await op.createUnique('uq', 't', ['id']) }, live: undefined, blind: undefined, only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a new column with a key', upgrade: (op) => op.addColumn('big', 'x', c.text().unique()), live: 'warning', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a column less, which something may name', upgrade: (op) => op.dropColumn('big', 't'), live: 'notice', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'that the engine may spare', upgrade: (op) => op.alterColumn('big', 'n', { nullable: false }), live: 'notice', blind: 'notice', only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'where the engine alters in place', upgrade: (op) => op.addColumn('big', 'x', c.text()), live: undefined, blind: undefined, only: 'sqlite' },
  { rule: 'rebuild-large-table', name: 'for a new name', upgrade: (op) => op.alterColumn('big', 'n', { name: 'm' }), live: undefined, blind: undefined, only: 'sqlite' },

  { rule: 'rename-breaks-older-programs', name: 'of a table', upgrade: (op) => op.renameTable('posts', 'p'), live: 'warning', blind: 'warning' },
  { rule: 'rename-breaks-older-programs', name: 'of a column', upgrade: (op) => op.alterColumn('posts', 'slug', { name: 's' }), live: 'warning', blind: 'warning' },
  { rule: 'rename-breaks-older-programs', name: 'to the same name', upgrade: (op) => op.alterColumn('posts', 'slug', { name: 'slug' }), live: undefined, blind: undefined },
  { rule: 'rename-breaks-older-programs', name: 'of what the revision made', upgrade: async (op) => { await op.addColumn('posts', 'x', c.text()); await op.alterColumn('posts', 'x', { name: 'y' }) }, live: undefined, blind: undefined },

  { rule: 'drop-breaks-older-programs', name: 'of a table', upgrade: (op) => op.dropTable('empty'), live: 'warning', blind: 'warning' },
  { rule: 'drop-breaks-older-programs', name: 'of a column', upgrade: (op) => op.dropColumn('empty', 'n'), live: 'warning', blind: 'warning' },
  { rule: 'drop-breaks-older-programs', name: 'of what the revision made', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.dropTable('t') }, live: undefined, blind: undefined },

  { rule: 'drop-breaks-older-programs', name: 'of a column that the revision added', upgrade: async (op) => { await op.addColumn('posts', 'x', c.text()); await op.dropColumn('posts', 'x') }, live: undefined, blind: undefined },

  { rule: 'irreversible-without-reason', name: 'of a generated column', upgrade: (op) => op.dropColumn('posts', 'doubled'), live: undefined, blind: 'warning' },
  { rule: 'irreversible-without-reason', name: 'of a column that the revision added', upgrade: async (op) => { await op.addColumn('posts', 'x', c.text()); await op.dropColumn('posts', 'x') }, live: undefined, blind: undefined },
  { rule: 'irreversible-without-reason', name: 'of a dropped column', upgrade: (op) => op.dropColumn('posts', 'slug'), live: 'warning', blind: 'warning' },
  { rule: 'irreversible-without-reason', name: 'of a table that the revision made', upgrade: async (op) => { await op.createTable('t', { id: c.integer() }); await op.dropTable('t') }, live: undefined, blind: undefined },
  { rule: 'irreversible-without-reason', name: 'that is declared', upgrade: (op) => op.dropColumn('posts', 'slug'), more: { lossy: 'the slugs go' }, live: undefined, blind: undefined },
  { rule: 'irreversible-without-reason', name: 'with no way back', upgrade: (op) => op.dropTable('posts'), more: { irreversible: 'they are gone' }, live: undefined, blind: undefined },
  { rule: 'irreversible-without-reason', name: 'of a narrower type', upgrade: (op) => op.alterColumn('posts', 'title', { type: c.text({ length: 5 }) }), live: 'warning', blind: undefined },

  { rule: 'raw-sql', name: 'of any kind', upgrade: (op) => op.execute('select 1'), live: 'notice', blind: 'notice' },
  { rule: 'raw-sql', name: 'nowhere', upgrade: (op) => op.insert('posts', [{ id: 77 }]), live: undefined, blind: undefined },

  { rule: 'not-readable', name: 'because it asks', upgrade: async (op) => void (await op.query('select 1')), live: 'warning', blind: 'warning' },
  { rule: 'not-readable', name: 'because its code throws', upgrade: () => Promise.reject(new RangeError('x')), live: 'error', blind: 'error' },
  { rule: 'not-readable', name: 'though it would ask where there is a database', upgrade: async (op) => { if (!op.offline) await op.query('select 1') }, live: undefined, blind: undefined },
]

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('the rule, beside %s,', (engine) => {
  let storage: Storage
  beforeAll(async () => {
    storage = await engineNamed(engine).open()
    for (const sql of live[storage.dialect]) await storage.query({ sql })
  })
  afterAll(() => storage.close())

  const dialect: Dialect = engine.startsWith('sqljs') ? 'sqlite' : 'postgres'
  it.each(casesOf(dialect))('$rule: $name', async ({ rule, upgrade, live: expected, more }) => {
    expect(severity(await lint(upgrade, { dialect, live: storage }, more), rule)).toBe(expected)
  })
})

describe.each(['sqlite', 'postgres'] as const)('the rule, for %s and without a database,', (dialect) => {
  it.each(casesOf(dialect))('$rule: $name', async ({ rule, upgrade, blind, more }) => {
    expect(severity(await lint(upgrade, { dialect }, more), rule)).toBe(blind)
  })
})

function casesOf(dialect: Dialect): readonly Case[] {
  return cases.filter((one) => one.only === undefined || one.only === dialect)
}

it('knows every rule that the cases know, and no other', async () => {
  const { rules } = await import('../../../src/migrate/lint/registry.ts')
  expect([...rules.map(({ id }) => id), 'not-readable'].toSorted()).toEqual([...new Set(cases.map(({ rule }) => rule))].toSorted())
})

it('knows only how to read so much: of a table with more than two million rows nobody knows what is in it', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  for (const sql of live.sqlite) await storage.query({ sql })
  const severityAt = async (rows: number) => severity(await lint((op) => op.dropColumn('posts', 'slug'), { dialect: 'sqlite', live: storage, sizes: new Map([['posts', { rows, exact: false }]]) }), 'drop-column-with-data')
  expect(await severityAt(2_000_000)).toBe('error')
  expect(await severityAt(2_000_001)).toBe('warning')
})

it('a look at the table decides where an estimate of its size is too old', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  for (const sql of live.sqlite) await storage.query({ sql })
  const severities = async (upgrade: Way, sizes: Readonly<Record<string, number>>) => (await lint(upgrade, { dialect: 'sqlite', live: storage, sizes: new Map(Object.entries(sizes).map(([name, rows]) => [name, { rows, exact: false }])) }, { lossy: 'said' })).map((found) => `${found.rule} ${found.severity}`)
  expect(await severities((op) => op.dropTable('posts'), { posts: 0 })).toEqual(['drop-table-with-rows error', 'drop-breaks-older-programs warning'])
  expect(await severities((op) => op.dropTable('empty'), { empty: 5 })).toEqual(['drop-breaks-older-programs warning'])
  expect(await severities((op) => op.addColumn('empty', 'x', c.text().notNull()), { empty: 5 })).toEqual([])
})

it.each<Way>([
  (op) => op.createEnum('kind', ['a']), (op) => op.dropEnum('mood'), (op) => op.setTableComment('posts', 'x'), (op) => op.setColumnComment('posts', 'id', 'x'), (op) => op.dropIndex('ix', 'posts'),
  (op) => op.createTable('t', { id: c.integer() }), (op) => op.insert('posts', [{ id: 7 }]), (op) => op.updateInBatches('posts', { set: 'id = id' }), (op) => op.alterColumn('posts', 'kind', { default: 'x' }), (op) => op.alterColumn('posts', 'kind', { nullable: true }),
])('nothing is found about %s', async (upgrade) => {
  expect(await lint(upgrade, { dialect: 'postgres' })).toEqual([])
  expect((await lint(upgrade, { dialect: 'sqlite' })).filter(({ rule }) => rule !== 'rebuild-large-table')).toEqual([])
})

it.each([
  [undefined, 'The rows of table "posts" have no value'],
  [1, 'The rows of table "posts" (1 row) have no value'],
  [2, 'The rows of table "posts" (2 rows) have no value'],
  [12_000, 'The rows of table "posts" (12,000 rows) have no value'],
])('a finding about a table of %s rows says so, where that is known', async (rows, why) => {
  const sizes = rows === undefined ? undefined : new Map([['posts', { rows, exact: true }]])
  const findings = await lint((op) => op.addColumn('posts', 'x', c.text().notNull()), { dialect: 'sqlite', sizes })
  expect(findings.find(({ rule }) => rule === 'not-null-without-default')?.why).toContain(why)
})

it.each<readonly [string, Way, string, string]>([
  ['rename-breaks-older-programs', (op) => op.renameTable('posts', 'p'), 'Table "posts" gets', 'Leave a view'],
  ['rename-breaks-older-programs', (op) => op.alterColumn('posts', 'slug', { name: 's' }), 'Column "posts"."slug" gets', 'Add a column'],
  ['drop-breaks-older-programs', (op) => op.dropTable('posts'), 'Table "posts"', ''],
  ['drop-breaks-older-programs', (op) => op.dropColumn('posts', 'slug'), 'Column "posts"."slug"', ''],
])('%s names what it is about, and what would do', async (id, upgrade, why, safer) => {
  const found = (await lint(upgrade, { dialect: 'postgres' })).find(({ rule }) => rule === id)
  expect(found?.why).toContain(why)
  expect(found?.safer).toContain(safer)
})

it('what would be safer is something that the dialect has', async () => {
  const safer = async (dialect: Dialect) => (await lint((op) => op.createForeignKey('fk', 'posts', ['author_id'], { table: 'authors', columns: ['id'] }), { dialect })).find(({ rule }) => rule === 'foreign-key-over-orphans')?.safer
  expect(await safer('postgres')).toContain('notValid')
  expect(await safer('sqlite')).not.toContain('notValid')
})

it('a new value of an enum is a rebuild of the tables that have the enum, where their checks hold it', async () => {
  const earlier = revision(async (op) => {
    await op.createEnum('mood', ['calm'])
    await op.createTable('days', { id: c.integer(), mood: c.enum(['calm'], { name: 'mood' }) })
    await op.createTable('others', { id: c.integer(), kind: c.enum(['calm'], { name: 'kind' }) })
  })
  const found = await lint((op) => op.alterEnum('mood', { add: 'glad' }), { dialect: 'sqlite', earlier: [earlier] })
  expect(found.filter(({ rule }) => rule === 'rebuild-large-table')).toMatchObject([{ severity: 'notice', why: expect.stringContaining('table "days"') }])
  expect(await lint((op) => op.alterEnum('nothing', { add: 'glad' }), { dialect: 'sqlite', earlier: [earlier] })).toEqual([])
  const more = revision((op) => op.createTable('nights', { id: c.integer(), mood: c.enum(['calm'], { name: 'mood' }) }))
  const sizes = new Map([['days', { rows: 1, exact: true }], ['nights', { rows: 10_000, exact: true }]])
  expect(await lint((op) => op.alterEnum('mood', { add: 'glad' }), { dialect: 'sqlite', earlier: [earlier, more], sizes })).toMatchObject([{ rule: 'rebuild-large-table', why: expect.stringContaining('table "nights"') }])
  for (const gone of [(op: Op) => op.dropTable('days'), (op: Op) => op.dropColumn('days', 'mood')]) {
    const left = await lint(async (op) => { await gone(op); await op.alterEnum('mood', { add: 'glad' }) }, { dialect: 'sqlite', earlier: [earlier] })
    expect(left.filter(({ operation }) => operation.startsWith('alterEnum'))).toEqual([])
  }
})

it.each<readonly [string, string, Way, Severity | undefined]>([
  ['a check is asked again', 'check-validates', (op) => op.alterColumn('t', 'word', { type: c.text() }), 'warning'],
  ['a check of a batch is asked again', 'check-validates', (op) => op.alterColumn('t', 'other', { type: c.text() }), 'warning'],
  ['no check names the column', 'check-validates', (op) => op.alterColumn('t', 'free', { type: c.text() }), undefined],
  ['the table is read anyway, to be written anew', 'check-validates', (op) => op.alterColumn('t', 'word', { type: c.text({ length: 5 }) }), undefined],
  ['the table is read anyway, for what `using` makes', 'check-validates', (op) => op.alterColumn('t', 'word', { type: c.text(), using: 'upper(word)' }), undefined],
  ['nothing changes about the type', 'check-validates', (op) => op.alterColumn('t', 'word', { default: 'x' }), undefined],
  ['a check of the table proves it', 'set-not-null-scans', (op) => op.alterColumn('t', 'word', { nullable: false }), undefined],
  ['a check that came later proves it', 'set-not-null-scans', (op) => op.alterColumn('t', 'other', { nullable: false }), undefined],
  ['no check proves it', 'set-not-null-scans', (op) => op.alterColumn('t', 'free', { nullable: false }), 'warning'],
  ['a column of a batch has its type', 'narrow-type', (op) => op.alterColumn('t', 'other', { type: c.text({ length: 20 }) }), undefined],
  ['a column of a batch is long', 'narrow-type', (op) => op.alterColumn('t', 'other', { type: c.text({ length: 5 }) }), 'warning'],
  ['the column is generated', 'drop-column-with-data', (op) => op.dropColumn('t', 'twice'), undefined],
  ['the column is not', 'drop-column-with-data', (op) => op.dropColumn('t', 'free'), 'warning'],
  ['programs know the column', 'drop-breaks-older-programs', (op) => op.dropColumn('t', 'other'), 'warning'],
  ['the column has been there, and filled or not', 'not-null-over-nulls', (op) => op.alterColumn('t', 'free', { nullable: false }), 'warning'],
])('what earlier revisions made is known: %s', async (_, rule, upgrade, expected) => {
  const earlier = [
    revision((op) => op.createTable('t', { id: c.integer(), word: c.text({ length: 9 }), free: c.text({ length: 9 }), twice: c.integer().generated('id * 2') }, { checks: [{ name: 'ck', expression: 'word is not null' }] })),
    revision((op) => op.batch('t', async (t) => { await t.addColumn('other', c.text({ length: 9 })); await t.createCheck('ck2', 'other is not null') })),
    revision((op) => op.execute(`update t set free = 'x'`)),
  ]
  expect(severity(await lint(upgrade, { dialect: 'postgres', earlier }), rule)).toBe(expected)
})

it('a live database knows better than earlier revisions', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  await storage.query({ sql: 'create table t (word varchar(9))' })
  await storage.query({ sql: `insert into t values ('123456789')` })
  const earlier = [revision((op) => op.createTable('t', { word: c.text({ length: 5 }) }))]
  const upgrade: Way = (op) => op.alterColumn('t', 'word', { type: c.text({ length: 6 }) })
  expect(severity(await lint(upgrade, { dialect: 'sqlite', earlier }), 'narrow-type')).toBeUndefined()
  expect(severity(await lint(upgrade, { dialect: 'sqlite', earlier, live: storage }), 'narrow-type')).toBe('error')
})

it('a finding names the operation that is to blame', async () => {
  const found = await lint(async (op) => { await op.alterEnum('mood', { add: 'glad' }); await op.execute('select 1'); await op.batch('posts', (t) => t.addColumn('m', c.enum(['glad'], { name: 'mood' }).default('glad'))) }, { dialect: 'postgres' })
  expect(found.find(({ rule }) => rule === 'enum-value-used-in-same-revision')).toMatchObject({ operation: 'addColumn posts.m', severity: 'error' })
})

it('a rule of one dialect is silent on the other', async () => {
  const everything: Way = async (op) => {
    await op.createIndex('ix', 'big', ['n'])
    await op.createUnique('uq', 'big', ['n'])
  }
  const ids = async (dialect: Dialect): Promise<readonly string[]> => (await lint(everything, { dialect })).map(({ rule }) => rule)
  expect(await ids('sqlite')).toEqual(['unique-over-duplicates', 'rebuild-large-table'])
  expect(await ids('postgres')).toEqual(['index-not-concurrent', 'unique-over-duplicates', 'index-not-concurrent'])
})

async function lint(upgrade: Way, options: LintRevisionOptions, more?: Partial<RevisionSpec>): Promise<readonly Finding[]> {
  return (await lintRevision(revision(upgrade, more), options)).findings
}

function severity(findings: readonly Finding[], rule: string): Severity | undefined {
  const own = findings.filter((finding) => finding.rule === rule)
  expect(own.length).toBeLessThan(2)
  for (const { severity: grade, why, safer, operation, revision: id } of own) expect([grade, why, safer, operation, id === 'a1'].every(Boolean)).toBe(true)
  return own[0]?.severity
}

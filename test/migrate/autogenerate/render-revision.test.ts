/** Source code of revisions: as a person writes it, in the project's style, and never more than data in its quotes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderRevision } from '../../../src/migrate/autogenerate/render-revision.ts'
import type { Op } from '../../../src/migrate/op.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { evaluateRevision, operationsOf } from './evaluate-revision.ts'

const header = { id: '02bc5b2abef8', down: ['0965ad59eafa'], message: 'add posts', createdAt: '2026-11-20T18:00:00Z' }

describe('a revision', () => {
  it('is written as the documentation shows it', async () => {
    const upgrade = await recorded(async (op) => {
      await op.createTable(
        'posts',
        {
          author_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }),
          slug: c.text({ length: 255 }).notNull().unique(),
          views: c.bigint().notNull().default(0),
          price: c.numeric(10, 2),
          state: c.enum(['draft', 'done'], { name: 'state' }).default('draft'),
          created_at: c.instant().notNull().defaultNow(),
        },
        {
          primaryKey: ['author_id', 'slug'],
          indexes: [{ columns: ['views'] }, { name: 'h', columns: [{ column: 'views', order: 'desc' }, { expression: 'lower(slug)' }], where: 'views > 0' }],
          checks: [{ name: 'ck_posts_slug', expression: "slug <> ''" }],
          comment: 'what people wrote',
        },
      )
    })
    const downgrade = await recorded((op) => op.dropTable('posts'))
    expect(renderRevision({ ...header, upgrade, downgrade })).toBe(`import { defineRevision } from 'tidemark/migrate';
import { c } from 'tidemark/schema';

export default defineRevision({
  id: '02bc5b2abef8',
  down: ['0965ad59eafa'],
  dependsOn: [], labels: [],
  message: 'add posts', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {
    await op.createTable('posts', {
      author_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }),
      slug: c.text({ length: 255 }).notNull().unique(),
      views: c.bigint().notNull().default(0),
      price: c.numeric(10, 2),
      state: c.enum(['draft', 'done'], { name: 'state' }).default('draft'),
      created_at: c.instant().notNull().defaultNow(),
    }, {
      primaryKey: ['author_id', 'slug'],
      indexes: [
        { columns: ['views'] },
        { name: 'h', columns: [{ column: 'views', order: 'desc' }, { expression: 'lower(slug)' }], where: 'views > 0' },
      ],
      checks: [{ name: 'ck_posts_slug', expression: "slug <> ''" }],
      comment: 'what people wrote',
    });
  },
  async downgrade(op) {
    await op.dropTable('posts');
  },
});
`)
  })

  it('follows the style it is given, and says what is to be said above an operation', async () => {
    const upgrade = await recorded(async (op) => {
      await op.batch('posts', async (t) => {
        await t.addColumn('title', c.text().notNull())
        await t.createIndex('ix_posts_title', ['title'], { unique: true })
      })
    })
    const [batch] = upgrade
    const operation = batch?.kind === 'batch' ? batch.operations[0] : undefined
    const notices = operation === undefined ? [] : [{ operation, text: 'A table with rows refuses this.' }]
    const source = renderRevision(
      { ...header, down: [], upgrade, downgrade: await recorded((op) => op.alterColumn('posts', 'title', { default: { now: true } })), lossy: "what the posts' titles were", notices },
      { style: { semicolons: false, quotes: 'double', indent: '\t' } },
    )
    expect(source).toBe(`import { defineRevision } from "tidemark/migrate"
import { c } from "tidemark/schema"

export default defineRevision({
	id: "02bc5b2abef8",
	down: [],
	dependsOn: [], labels: [],
	message: "add posts", createdAt: "2026-11-20T18:00:00Z",
	lossy: "what the posts' titles were",
	async upgrade(op) {
		await op.batch("posts", async (t) => {
			// A table with rows refuses this.
			await t.addColumn("title", c.text().notNull())
			await t.createIndex("ix_posts_title", ["title"], { unique: true })
		})
	},
	async downgrade(op) {
		await op.alterColumn("posts", "title", { default: { now: true } })
	},
})
`)
  })

  it('says at the beginning of a direction what is to be said about all of it, and never as code', async () => {
    const notices = [
      { direction: 'upgrade' as const, text: 'One.' },
      { direction: 'downgrade' as const, text: 'Two\nlines,\r\n\t*/ one  comment.' },
      { direction: 'upgrade' as const, text: 'Three.' },
      { text: 'About nothing that is written.' },
    ]
    const upgrade = await recorded((op) => op.dropTable('a'))
    const source = renderRevision({ ...header, upgrade, downgrade: await recorded((op) => op.dropTable('b')), notices: [{ direction: 'upgrade', operation: upgrade[0], text: 'Last.' }, ...notices] })
    expect(source).toContain(`
  async upgrade(op) {
    // One.
    // Three.
    // Last.
    await op.dropTable('a');
  },
  async downgrade(op) {
    // Two lines, */ one comment.
    await op.dropTable('b');
  },
});
`)
    expect(source).not.toContain('About nothing')
  })

  it('imports the column builders where its code uses them, and only there', async () => {
    const importsThem = async (upgrade: (op: Op) => Promise<void>, downgrade: (op: Op) => Promise<void> = async () => {}, rest: { readonly irreversible?: string } = {}): Promise<boolean> =>
      renderRevision({ ...header, upgrade: await recorded(upgrade), downgrade: await recorded(downgrade), ...rest }).includes("import { c } from 'tidemark/schema';\n")
    const drops = (op: Op): Promise<void> => op.dropTable('t')
    const adds = (op: Op): Promise<void> => op.addColumn('t', 'a', c.text())
    const retypes = (op: Op): Promise<void> => op.alterColumn('t', 'a', { type: c.text() })
    for (const uses of [adds, retypes, (op: Op) => op.createTable('t', { a: c.text() }), (op: Op) => op.batch('t', (t) => t.alterColumn('a', { type: c.text() }))]) {
      expect(await importsThem(uses)).toBe(true)
      expect(await importsThem(drops, uses)).toBe(true)
      expect(await importsThem(drops, uses, { irreversible: 'gone' })).toBe(false)
    }
    for (const uses of [drops, (op: Op) => op.alterColumn('t', 'a', { nullable: true }), (op: Op) => op.batch('t', (t) => t.dropColumn('a'))]) expect(await importsThem(uses)).toBe(false)
  })

  it('without operations leaves room for a person; one that merges has nothing to do', () => {
    expect(renderRevision(header)).toBe(`import { defineRevision } from 'tidemark/migrate';

export default defineRevision({
  id: '02bc5b2abef8',
  down: ['0965ad59eafa'],
  dependsOn: [], labels: [],
  message: 'add posts', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {},
  async downgrade(op) {},
});
`)
    expect(renderRevision({ ...header, down: ['0965ad59eafa', 'a1b2'], dependsOn: ['c3'], labels: ['shop'] })).toContain(`
  down: ['0965ad59eafa', 'a1b2'],
  dependsOn: ['c3'], labels: ['shop'],
  message: 'add posts', createdAt: '2026-11-20T18:00:00Z',
  async upgrade() {},
  async downgrade() {},
`)
  })

  it('without a way back has no downgrade', () => {
    const source = renderRevision({ ...header, irreversible: 'the old texts are gone', transaction: false })
    expect(source).toContain("  irreversible: 'the old texts are gone',\n  transaction: false,\n  async upgrade(op) {},\n});")
  })

  it('keeps its lines at 120 characters', async () => {
    const upgrade = await recorded(async (op) => {
      await op.batch('bugs', async (t) => {
        await t.addColumn('test_feature_id', c.bigint().notNull().comment('The snapshot that it was reported on, which is null on some of the older bugs'))
        await t.createForeignKey('fk_bugs_customer_id_test_feature_id', ['customer_id', 'test_feature_id'], { table: 'test_features', columns: ['customer_id', 'id'] })
        await t.createUnique('uq_bugs_everything_that_there_is', ['customer_id', 'test_feature_id', 'title', 'severity', 'outcome', 'reported_at'])
      })
      await op.createEnum('country', Array.from({ length: 30 }, (_, position) => `country_${position}`))
    })
    const source = renderRevision({ ...header, upgrade })
    expect(source).toContain(`
      await t.addColumn(
        'test_feature_id',
        c.bigint().notNull().comment('The snapshot that it was reported on, which is null on some of the older bugs'),
      );
      await t.createForeignKey('fk_bugs_customer_id_test_feature_id', ['customer_id', 'test_feature_id'], {
        table: 'test_features',
        columns: ['customer_id', 'id'],
      });
`)
    for (const line of source.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })

  it('has a statement on one line exactly when it has room there', async () => {
    for (const length of Array.from({ length: 30 }, (_, at) => 70 + at)) {
      const name = 'x'.repeat(length)
      const upgrade = await recorded(async (op) => {
        await op.createUnique(name, 'a_table', ['column'])
        await op.batch('b_table', async (t) => {
          await t.createUnique(name, ['column'])
          await t.dropConstraint('c')
        })
      })
      const source = renderRevision({ ...header, upgrade })
      for (const line of [`    await op.createUnique('${name}', 'a_table', ['column']);`, `      await t.createUnique('${name}', ['column']);`]) expect(source.includes(`\n${line}\n`)).toBe(line.length <= 120)
      for (const line of source.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
    }
  })

  it('breaks a comment before the word that has no room', () => {
    const operation: Operation = { kind: 'dropTable', table: 't' }
    for (const length of [107, 108, 109, 200]) {
      const text = `${'a'.repeat(length)} word`
      const source = renderRevision({ ...header, upgrade: [operation], notices: [{ operation, text }] })
      const line = `    // ${text}`
      expect(source).toContain(line.length <= 120 ? `\n${line}\n` : `\n    // ${'a'.repeat(length)}\n    // word\n`)
    }
  })
})

describe('a statement comes back as it was written', () => {
  it.each([
    `await op.createTable('t', { a: c.numeric() });`,
    `await op.createTable('t', { a: c.text({ length: 20 }).unique() }, { comment: 'c' });`,
    `await op.createTable('t', { a: c.integer().primaryKey() }, { uniques: [{ name: 'u', columns: ['a'] }] });`,
    `await op.createTable('t', { a: c.real() }, { indexes: [{ name: 'i', columns: ['a'], unique: true, where: 'a' }] });`,
    `await op.createTable('t', { a: c.date() }, { checks: [{ expression: 'a' }, { name: 'k', expression: 'b' }] });`,
    `await op.createTable('t', { a: c.date() }, {\n      foreignKeys: [{ name: 'f', columns: ['a'], references: { table: 'u', columns: ['b'] }, onDelete: 'cascade' }],\n    });`,
    `await op.addColumn('t', 'a', c.enum(['x']).notNull());`,
    `await op.addColumn('t', 'a', c.enum(['x'], { name: 'e' }));`,
    `await op.addColumn('t', 'a', c.numeric(5));`,
    `await op.addColumn('t', 'a', c.numeric(5, 0).default(1));`,
    `await op.addColumn('t', 'a', c.uuid().unique().references('u', 'b', { onDelete: 'cascade', onUpdate: 'restrict' }));`,
    `await op.addColumn('t', 'a', c.integer().references('u', 'id').comment('c'));`,
    `await op.addColumn('t', 'a', c.integer().generated('b + 1'));`,
    `await op.addColumn('t', 'a', c.integer().generated('b + 1', { stored: false }));`,
    `await op.addColumn('t', 'a', c.instant().defaultNow());`,
    `await op.alterColumn('t', 'a', { nullable: true });`,
    `await op.alterColumn('t', 'a', { name: 'b' });`,
    `await op.alterColumn('t', 'a', { default: 7 });`,
    `await op.alterColumn('t', 'a', { default: null });`,
    `await op.alterColumn('t', 'a', { default: { sql: '1 + 1' } });`,
    `await op.alterColumn('t', 'a', { type: c.text(), using: 'b' });`,
    `await op.createIndex('i', 't', ['a', { column: 'b', order: 'desc' }, { expression: 'a + b' }]);`,
    `await op.dropIndex('i', 't');`,
    `await op.createForeignKey('f', 't', ['a'], { table: 'u', columns: ['b'] });`,
    `await op.dropConstraint('k', 't');`,
    `await op.alterEnum('e', { add: 'x' });`,
    `await op.alterEnum('e', { add: 'x', before: 'y' });`,
    `await op.alterEnum('e', { add: 'x', after: 'y' });`,
    `await op.execute('select 1');`,
    `await op.execute('select ?', [1]);`,
    `await op.updateInBatches('t', { set: 'a = 1', key: 'id', size: 5 });`,
  ])('%s', async (statement) => {
    const revision = evaluateRevision(`export default defineRevision({ id: 'a1', down: [], message: 'm', createdAt: '2026-11-20T18:00:00Z', irreversible: 'r', async upgrade(op) { ${statement} } })`)
    expect(renderRevision({ ...header, upgrade: await operationsOf(revision, 'upgrade') })).toContain(`{\n    ${statement}\n  },`)
  })

  it('with a line for each column where a table has several', async () => {
    expect(renderRevision({ ...header, upgrade: await recorded((op) => op.createTable('t', { a: c.real(), b: c.real() })) })).toContain(`    await op.createTable('t', {\n      a: c.real(),\n      b: c.real(),\n    });\n`)
  })
})

describe('source code does what was recorded', () => {
  it('for every kind of operation', async () => {
    const operations = await recorded(async (op) => {
      await op.createEnum('state', ['a', "b'b"])
      await op.alterEnum('state', { add: 'c', after: 'a' })
      await op.createTable('t', { id: c.uuid().primaryKey(), b: c.bytes().defaultSql("x''"), v: c.integer().generated('1 + 1', { stored: false }), j: c.json().default({ a: [1, null] }), n: c.numeric(5) })
      await op.renameTable('t', 'u')
      await op.addColumn('u', 'd', c.date().notNull().unique().references('t', 'id', { onUpdate: 'restrict' }))
      await op.alterColumn('u', 'd', { name: 'e', type: c.enum(['a'], { name: 'state' }), nullable: true, default: null, using: "'a'", comment: null })
      await op.alterColumn('u', 'e', { default: { sql: 'random()' }, comment: 'c' })
      await op.createIndex('ix', 'u', ['e', { column: 'n', order: 'desc' }, { expression: 'n + 1', order: 'desc' }], { unique: true, where: 'n > 0', concurrently: true })
      await op.dropIndex('ix', 'u', { concurrently: true })
      await op.createPrimaryKey('pk', 'u', ['e'])
      await op.createUnique('uq', 'u', ['e', 'n'])
      await op.createForeignKey('fk', 'u', ['e'], { table: 't', columns: ['id'] }, { onDelete: 'set null', notValid: true })
      await op.createCheck('ck', 'u', 'n > 0')
      await op.dropConstraint('ck', 'u')
      await op.dropConstraint('x', 'u', 'primaryKey')
      await op.setTableComment('u', 'x')
      await op.setColumnComment('u', 'e', null)
      await op.dropColumn('u', 'e')
      await op.execute('update u set n = ?', [1, 2n, 'x', null, true, new Uint8Array([1, 2]), { a: ['b'] }])
      await op.insert('u', [{ e: 1, n: "it's" }])
      await op.updateInBatches('u', { set: 'n = 1', where: 'n = 0' })
      await op.dropTable('u')
      await op.dropEnum('state')
    })
    const source = renderRevision({ ...header, upgrade: operations, downgrade: [] })
    expect(await operationsOf(evaluateRevision(source), 'upgrade')).toEqual(operations)
  })

  it('whatever names, texts and values hold', async () => {
    const nasty = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'", '"', '`', '\\', '${process.exit(1)}', '\n\r\u2028\u2029', '*/', '\u202e', '\\u0027', '\0', '__proto__', 'constructor'))
    const word = nasty.filter((text) => text !== '' && !/^\d+$/.test(text))
    await fc.assert(
      fc.asyncProperty(word, word, nasty, nasty, fc.jsonValue(), async (table, column, text, expression, json) => {
        const name = column === table ? `${column}_` : column
        const upgrade = await recorded(async (op) => {
          await op.createTable(table, Object.fromEntries([[name, c.text().default(text).comment(text)], ['j', c.json().default(json)], ['e', c.enum([text.replaceAll('\0', ''), 'x'])]]), { checks: [{ expression }], comment: text })
          await op.createIndex(name, table, [{ expression }], { where: expression })
        })
        const source = renderRevision({ ...header, message: `m${text}`, lossy: `l${text}`, upgrade, downgrade: [] })
        const revision = evaluateRevision(source)
        expect([revision.message, revision.lossy]).toEqual([`m${text}`, `l${text}`])
        expect(await operationsOf(revision, 'upgrade')).toEqual(upgrade)
      }),
      { numRuns: 300 },
    )
  })
})

function recorded(upgrade: (op: Op) => Promise<void>): Promise<readonly Operation[]> {
  return operationsOf(defineRevision({ ...header, upgrade, irreversible: 'only recorded' }), 'upgrade')
}

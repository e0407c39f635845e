import { describe, expect, it } from 'vitest'
import { lintRevision } from '../../../src/migrate/lint/lint-revisions.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'

const nothing = async (): Promise<void> => undefined

/** Findings of the rules that matter here, as `rule operation`, and the excused ones with their reasons. */
async function lint(source: string, upgrade: (op: Op) => Promise<void>, direction: 'upgrade' | 'downgrade' = 'upgrade'): Promise<{ readonly findings: readonly string[]; readonly excused: readonly string[] }> {
  const way = direction === 'upgrade' ? { upgrade, downgrade: nothing } : { upgrade: nothing, downgrade: upgrade }
  const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', lossy: 'said', ...way })
  const result = await lintRevision(revision, { dialect: 'postgres', source, direction })
  const wanted = (rule: string): boolean => rule.startsWith('excuse-') || ['drop-table-with-rows', 'drop-column-with-data', 'raw-sql', 'not-readable', 'index-not-concurrent'].includes(rule)
  return {
    findings: result.findings.filter(({ rule }) => wanted(rule)).map(({ rule, operation }) => `${rule} ${operation}`),
    excused: result.excused.map(({ rule, operation, reason }) => `${rule} ${operation}: ${reason}`),
  }
}

describe('an excuse in the source of a revision', () => {
  it('takes the finding of the operation below it out, and keeps it with its reason', async () => {
    const source = `export default defineRevision({
      async upgrade(op) {
        // lint-allow drop-table-with-rows: nobody has used it since May
        await op.dropTable('old')
        await op.dropTable('posts')
      },
    })`
    expect(await lint(source, async (op) => { await op.dropTable('old'); await op.dropTable('posts') })).toEqual({
      findings: ['drop-table-with-rows dropTable posts'],
      excused: ['drop-table-with-rows dropTable old: nobody has used it since May'],
    })
  })

  it.each([
    { name: 'by another rule', source: `// lint-allow raw-sql: x\nawait op.dropTable('old')` },
    { name: 'of another table', source: `// lint-allow drop-table-with-rows: x\nawait op.dropTable('other')` },
    { name: 'by another method', source: `// lint-allow drop-table-with-rows: x\nawait op.dropColumn('old', 'a')\nawait op.dropTable('old')` },
    { name: 'that stands below', source: `await op.dropTable('old')\n// lint-allow drop-table-with-rows: x\n` },
    { name: 'in a string', source: `const text = '// lint-allow drop-table-with-rows: x'\nawait op.dropTable('old')` },
    { name: 'in a template', source: '`\n// lint-allow drop-table-with-rows: x\n`; await op.dropTable("old")' },
    { name: 'in a block comment', source: `/* lint-allow drop-table-with-rows: x */ await op.dropTable('old')` },
    { name: 'of the way back', source: `{ async downgrade(op) {\n// lint-allow drop-table-with-rows: x\nawait op.dropTable('old') }, async upgrade(op) { await op.dropTable('old') } }` },
  ])('does not excuse $name', async ({ source }) => {
    const { findings, excused } = await lint(source, (op) => op.dropTable('old'))
    expect(findings).toContain('drop-table-with-rows dropTable old')
    expect(excused).toEqual([])
  })

  it('holds for the way back where it stands there', async () => {
    const source = `{ upgrade: async (op) => {}, downgrade: async (op) => {\n// lint-allow drop-table-with-rows: x\nawait op.dropTable('old') } }`
    expect((await lint(source, (op) => op.dropTable('old'), 'downgrade')).excused).toEqual(['drop-table-with-rows dropTable old: x'])
  })

  it('finds the operation whatever stands around it', async () => {
    const source = `
      // lint-allow drop-column-with-data: (a) it's "so"
      /* a word */ await op
        .dropColumn(
          "po\\u0073ts", // which
          'a',
        )
      const pattern = /\`'[/"]/g, half = 4 / 2 / 1
      // lint-allow drop-table-with-rows: b
      await op.dropTable(\`old\`)
      const \`\${names.map((name) => \`x \${name} '\`)}\`
      await op.dropTable('posts') // lint-allow drop-table-with-rows: c
      // lint-allow raw-sql: d
      await op.execute(\`delete
      from x\`)`
    const { findings, excused } = await lint(source, async (op) => {
      await op.dropColumn('posts', 'a')
      await op.dropTable('old')
      await op.dropTable('posts')
      await op.execute('delete\n      from x')
    })
    expect(findings).toEqual([])
    expect(excused.map((text) => text.split(': ').slice(1).join(': '))).toEqual([`(a) it's "so"`, 'b', 'c', 'd'])
  })

  it('holds for all that a loop makes, where the names are no literals', async () => {
    const source = `for (const table of tables) {\n// lint-allow drop-table-with-rows: both\nawait op.dropTable(table)\n}`
    expect((await lint(source, async (op) => { await op.dropTable('a'); await op.dropTable('b') })).excused).toHaveLength(2)
  })

  it('knows the batch that an operation is in, and excuses a whole one', async () => {
    const source = `
      await op.batch('posts', async (t) => {
        // lint-allow drop-column-with-data: of posts
        await t.dropColumn('a')
      })
      await op.batch('users', async (t) => { await t.dropColumn('a') })
      // lint-allow drop-column-with-data: all of tags
      await op.batch('tags', async (t) => { await t.dropColumn('a'); await t.dropColumn('b') })
      await op.batch('log', async (t) => {
        // lint-allow index-not-concurrent: it is short
        await t.createIndex('ix', ['a'])
      })`
    expect(await lint(source, async (op) => {
      for (const table of ['posts', 'users']) await op.batch(table, (t) => t.dropColumn('a'))
      await op.batch('tags', async (t) => { await t.dropColumn('a'); await t.dropColumn('b') })
      await op.batch('log', (t) => t.createIndex('ix', ['a']))
    })).toEqual({
      findings: ['drop-column-with-data dropColumn users.a'],
      excused: ['drop-column-with-data dropColumn posts.a: of posts', 'drop-column-with-data dropColumn tags.a: all of tags', 'drop-column-with-data dropColumn tags.b: all of tags', 'index-not-concurrent createIndex ix on log: it is short'],
    })
  })

  it('excuses a question to the database', async () => {
    expect((await lint(`// lint-allow not-readable: it only counts\nawait op.query('select 1')`, async (op) => void (await op.query('select 1')))).excused).toEqual(['not-readable upgrade: it only counts'])
  })

  it.each([
    { name: 'no reason', comment: '// lint-allow drop-table-with-rows', rule: 'excuse-without-reason' },
    { name: 'an empty reason', comment: '// lint-allow drop-table-with-rows:  ', rule: 'excuse-without-reason' },
    { name: 'no rule', comment: '// lint-allow', rule: 'excuse-without-reason' },
    { name: 'a rule that there is not', comment: '// lint-allow drop-tables: x', rule: 'excuse-unknown-rule' },
    { name: 'a rule that finds nothing there', comment: '// lint-allow drop-column-with-data: x', rule: 'excuse-unused' },
    { name: 'a rule of this dialect that finds nothing there', comment: '// lint-allow index-not-concurrent: x', rule: 'excuse-unused' },
    { name: 'a question that is not asked', comment: '// lint-allow not-readable: x', rule: 'excuse-unused' },
  ])('is a finding itself with $name, and excuses nothing', async ({ comment, rule }) => {
    const { findings, excused } = await lint(`\n${comment}\nawait op.dropTable('old')`, (op) => op.dropTable('old'))
    const excuse = comment.slice(3).split(':')[0]
    expect(findings).toEqual(['drop-table-with-rows dropTable old', `${rule} ${excuse} (line 2)`])
    expect(excused).toEqual([])
  })

  it('is not unused because the database of today is empty, or another dialect has the rule', async () => {
    const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', lossy: 'said', upgrade: async (op) => { await op.dropTable('old'); await op.createIndex('ix', 't', ['a']) }, downgrade: nothing })
    const source = `// lint-allow drop-table-with-rows: x\nawait op.dropTable('old')\n// lint-allow index-not-concurrent: y\nawait op.createIndex('ix', 't', ['a'])`
    const { findings } = await lintRevision(revision, { dialect: 'sqlite', source, sizes: new Map([['old', { rows: 0, exact: true }]]) })
    expect(findings.map(({ rule }) => rule)).toEqual(['drop-breaks-older-programs'])
  })

  it.each([['raw-sql: x', 'excuse-unused'], ['raw-sql', 'excuse-without-reason'], ['raw: x', 'excuse-unknown-rule']])('"%s" is a warning, in the shape of any other finding', async (excuse, rule) => {
    const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade: (op) => op.createTable('t', { id: c.integer() }), downgrade: nothing })
    const { findings } = await lintRevision(revision, { dialect: 'sqlite', source: `// lint-allow ${excuse}` })
    expect(findings).toEqual([{ rule, severity: 'warning', revision: 'a1', operation: `lint-allow ${excuse.split(':')[0]} (line 1)`, why: expect.any(String), safer: expect.any(String) }])
  })
})

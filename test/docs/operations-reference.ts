/**
 * Writes the reference of operations from the code: what `op` says of itself, and what each engine does with an example,
 * which is run on both.
 */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import type { Grade } from '../../src/migrate/operation.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Dialect, Storage, Transaction } from '../../src/storage/storage.ts'

export interface OperationExample {
  /** Of `op`. */
  readonly method: string
  /** Statements of a revision, in which `op` and `c` are there. */
  readonly code: string
}

/** What stands before each example. */
const before = `
await op.createTable('users', { id: c.integer().primaryKey(), email: c.text().notNull() })
await op.createTable('posts', {
  id: c.integer().primaryKey(),
  author_id: c.integer().notNull(),
  slug: c.text().notNull(),
  body: c.text(),
  views: c.integer().notNull().default(0),
})`.trim()

export interface Sources {
  /** Empty databases of each dialect. */
  readonly open: Readonly<Record<Dialect, () => Promise<Storage>>>
  readonly examples: readonly OperationExample[]
}

/** The page, in Markdown. */
export async function operationsReference({ open, examples }: Sources): Promise<string> {
  const described = docstrings()
  const sections: string[] = []
  for (const { method, code } of examples) {
    const sqlite = await statementsOf(await open.sqlite(), code)
    const postgres = await statementsOf(await open.postgres(), code)
    const member = described.get(method)
    if (member === undefined) throw new RangeError(`op has no method "${method}"`)
    sections.push(
      [
        `## ${method}`,
        '```ts\n' + member.signature + '\n```',
        ...(member.text === '' ? [] : [member.text]),
        'For example:\n\n```ts\n' + code + '\n```',
        `PostgreSQL${shown(postgres.statements)}`,
        `SQLite${sqlite.grade === undefined ? '' : `, ${grades[sqlite.grade]}`}${shown(sqlite.statements)}`,
      ].join('\n\n'),
    )
  }
  return `${[head, ...sections].join('\n\n')}\n`
}

/** Names of the methods that `op` has. */
export function operationNames(): readonly string[] {
  return [...docstrings().keys()]
}

const grades: Readonly<Record<Grade, string>> = {
  native: 'by its own DDL',
  text: 'by an edit of the stored text of the table',
  rebuild: 'by a rebuild of the table',
  data: 'rows only',
}

const head = `# Operations of a revision

Written from the code by a test, with the statements that each engine really ran for the example. Columns are the builders of
\`tidemark/schema\` everywhere; options come last; every call is awaited. The examples find this:

\`\`\`ts
${before}
\`\`\`

SQLite can change little of a table by itself. What it cannot is done by editing the stored text or by a rebuild that keeps rows, keys, indexes,
triggers and views; which of them is found by trying it on an empty copy, so it depends on the version of the engine.`

function shown(statements: readonly string[]): string {
  return statements.length === 0 ? ': nothing to do.' : `:\n\n\`\`\`sql\n${statements.map((statement) => `${statement};`).join('\n')}\n\`\`\``
}

async function statementsOf(storage: Storage, code: string): Promise<{ readonly statements: readonly string[]; readonly grade: Grade | undefined }> {
  const statements: string[] = []
  let grade: Grade | undefined
  const run = (tx: Transaction, text: string, record: boolean): Promise<void> => inRevision(tx, text, (sql, how) => {
    if (!record) return
    if (sql !== undefined) statements.push(sql)
    if (how !== undefined) grade = how
  })
  try {
    await storage.transaction((tx) => run(tx, before, false), { foreignKeys: 'suspended' })
    await storage.transaction((tx) => run(tx, code, true), { foreignKeys: 'suspended' })
  } finally {
    await storage.close()
  }
  return { statements, grade }
}

async function inRevision(tx: Transaction, code: string, report: (sql: string | undefined, grade: Grade | undefined) => void): Promise<void> {
  const session = createOp({
    dialect: tx.dialect,
    offline: false,
    naming: defaultNaming,
    apply: async (operation) => report(undefined, await applyOperation(tx, operation, ({ sql }) => report(sql, undefined))),
    query: (statement) => tx.query(statement),
  })
  const AsyncFunction = (async () => undefined).constructor as new (...parts: string[]) => (op: Op, builders: typeof c) => Promise<void>
  await new AsyncFunction('op', 'c', code)(session.op, c)
  await session.finish()
}

interface Member {
  readonly signature: string
  readonly text: string
}

/** The methods of the interfaces `Op` and `TableChanges`; the text of one also stands for the other. */
function docstrings(): ReadonlyMap<string, Member> {
  const path = new URL('../../src/migrate/op.ts', import.meta.url)
  const source = ts.createSourceFile('op.ts', readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)
  const members = (name: string): Map<string, Member> => {
    const found = source.statements.find((statement): statement is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(statement) && statement.name.text === name)
    return new Map((found?.members ?? []).filter(ts.isMethodSignature).map((member) => [member.name?.getText() ?? '', { signature: member.getText(), text: textOf(member) }]))
  }
  const [own, onTable] = [members('Op'), members('TableChanges')]
  const all = [...own]
  for (const [name, { signature, text }] of onTable) {
    const known = own.get(name)
    // Those that `Op` takes over have the table in front.
    if (known === undefined) all.push([name, { signature: signature.replace('(', '(table: string, '), text }])
    else if (known.text === '') all.splice(all.findIndex(([other]) => other === name), 1, [name, { ...known, text }])
  }
  return new Map(all)
}

function textOf(node: ts.Node): string {
  return ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '').join('\n').replace(/\s*\n\s*/g, ' ').trim()
}

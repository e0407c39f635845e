/** Tidemark: TypeScript revision files; in the process the bundle of them that an app would ship. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { NeutralColumn, NeutralRevision, Step } from '../history/neutral.ts'
import type { CommandLine, Tool } from '../tool.ts'
import { literal, slug, timestamp, writeFiles } from '../write/revision-text.ts'

// The bench is started by npm, in the folder of the project.
const built = resolve('bench/results')

export const tidemark: Tool = {
  name: 'Tidemark',
  dialects: ['sqlite', 'postgres'],
  transactions: { sqlite: 'each revision', postgres: 'each revision' },
  rebuilds: [{ place: 'file' }, { place: 'memory' }],
  compares: ['sqlite', 'postgres'],
  missing: async () => undefined,
  folder: () => mkdtemp(join(tmpdir(), 'tidemark-bench-')),
  async write(revisions, folder) {
    const files = revisions.map((revision, position) => [`migrations/${fileName(revision)}`, source(revision, revisions[position - 1])] as const)
    await writeFiles(folder, [
      ['tidemark.config.ts', `import { defineConfig } from 'tidemark/migrate'\n\nexport default defineConfig({ migrations: './migrations' })\n`],
      ['migrations/index.ts', index(revisions)],
      ...files,
    ])
    await bundle({ entryPoints: [join(folder, 'migrations/index.ts')], outfile: join(folder, 'revisions.mjs'), alias: { 'tidemark/migrate': resolve('src/migrate/mod.ts'), 'tidemark/schema': resolve('src/schema/mod.ts') } })
  },
  async worker() {
    await bundle({ entryPoints: [resolve('bench/migrate/tidemark-worker.ts')], outdir: built, outExtension: { '.js': '.mjs' } })
    return node(resolve('.'), join(built, 'tidemark-worker.mjs'))
  },
  async upgradeCommand(folder, database) {
    const url = database.startsWith('postgres') ? database : `sqlite:${database}`
    return node(folder, await command(), 'migrate', 'upgrade', '--database', url)
  },
}

/** The same with everything or nothing, as most of the others run. */
export const tidemarkAtOnce: Tool = {
  ...tidemark,
  name: 'Tidemark, --transaction all',
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  upgradeOptions: { transaction: 'all' },
  rebuilds: undefined,
  compares: undefined,
  async upgradeCommand(folder, database) {
    const command = await tidemark.upgradeCommand(folder, database)
    return { ...command, args: [...command.args, '--transaction', 'all'] }
  },
}

let commandFile: Promise<string> | undefined

/** Bundled once, in pieces that are loaded when they are needed, as the build does. */
function command(): Promise<string> {
  commandFile ??= bundle({ entryPoints: { cli: resolve('adapters/cli/bin.ts') }, outdir: join(built, 'tidemark'), outExtension: { '.js': '.mjs' }, splitting: true })
    .then(() => join(built, 'tidemark/cli.mjs'))
  return commandFile
}

async function bundle(options: Parameters<typeof build>[0]): Promise<void> {
  await build({ bundle: true, packages: 'external', platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning', ...options })
}

function node(cwd: string, ...args: readonly string[]): CommandLine {
  return { file: process.execPath, args, cwd }
}

function fileName(revision: NeutralRevision): string {
  const moment = timestamp(revision)
  return `${moment.slice(0, 8)}_${moment.slice(8, 12)}_${revision.id}_${slug(revision)}.ts`
}

function index(revisions: readonly NeutralRevision[]): string {
  return `import type { Revision } from 'tidemark/migrate'
${revisions.map((revision) => `import revision_${revision.id} from './${fileName(revision)}'`).join('\n')}

export const revisions: readonly Revision[] = [${revisions.map(({ id }) => `revision_${id}`).join(', ')}]
`
}

function source(revision: NeutralRevision, parent: NeutralRevision | undefined): string {
  return `import { defineRevision } from 'tidemark/migrate'
import { c } from 'tidemark/schema'

export default defineRevision({
  id: '${revision.id}',
  down: [${parent === undefined ? '' : `'${parent.id}'`}],
  message: '${revision.message}',
  createdAt: '${revision.createdAt}',

  async upgrade(op) {
${revision.up.map(statement).join('\n')}
  },

  async downgrade(op) {
${revision.down.map(statement).join('\n')}
  },
})
`
}

function statement(step: Step): string {
  return `    await op.${words(step)}`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `createTable('${step.table}', {${step.columns.map((column) => `\n      ${column.name}: ${builder(column)},`).join('')}\n    })`
    case 'dropTable':
      return `dropTable('${step.table}')`
    case 'addColumn':
      return `addColumn('${step.table}', '${step.column.name}', ${builder(step.column)})`
    case 'dropColumn':
      return `dropColumn('${step.table}', '${step.column}')`
    case 'createIndex':
      return `createIndex('${step.index.name}', '${step.table}', ${JSON.stringify(step.index.columns)})`
    case 'dropIndex':
      return `dropIndex('${step.name}', '${step.table}')`
    case 'statement':
      return `execute(\`${step.sql}\`)`
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function builder(column: NeutralColumn): string {
  return [
    `c.${column.type}()`,
    column.primaryKey ? '.primaryKey()' : column.nullable ? '' : '.notNull()',
    column.default === undefined ? '' : `.default(${literal(column.default)})`,
    column.references === undefined ? '' : `.references('${column.references}', 'id')`,
  ].join('')
}

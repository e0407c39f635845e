/** The files that a project begins with: configuration, schema, folder of revisions with its index. Overwrites nothing. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { TidemarkError } from '../../../src/errors.ts'
import { textCode } from '../../../src/migrate/autogenerate/code-literal.ts'
import { defaultStyle } from '../../../src/migrate/autogenerate/code-style.ts'
import { parseDatabaseUrl } from '../../node/database-url.ts'
import { defaultFileName } from '../../node/file-name-template.ts'
import { readProjectConfiguration } from '../../node/project-config.ts'
import { isWritten, writeRevisionIndex } from './revision-index.ts'

export interface StartedProject {
  /** Absolute paths of what was made, and of what was there. */
  readonly created: readonly string[]
  readonly kept: readonly string[]
  /** The index, where it did not list what the folder holds. */
  readonly renewed?: readonly string[]
}

/**
 * Completes what a configuration that is there names.
 *
 * @param configuration a path of its own for the configuration, beside which the rest is made
 * @throws TidemarkError `argument_invalid` when the configuration would be in the way of another one, `database_url_unknown`
 */
export async function startProject(folder: string, configuration: string | undefined, database = 'sqlite:./app.db'): Promise<StartedProject> {
  parseDatabaseUrl(database, folder)
  const isNew = configuration !== undefined && !existsSync(configuration)
  const existing = isNew ? null : await readProjectConfiguration({ flags: { config: configuration }, env: {}, cwd: folder })
  const config = existing?.path ?? configuration ?? path.join(folder, 'tidemark.config.ts')
  if (existing === null) refuseName(config)
  const schema = existing === null ? path.join(folder, 'schema.ts') : existing.schema
  const migrations = existing?.migrations ?? path.join(folder, 'migrations')
  const fileName = existing?.fileName ?? defaultFileName
  const index = path.join(migrations, `index${path.extname(fileName)}`)

  const wanted = [config, ...(schema === null ? [] : [schema]), migrations, index]
  const kept = wanted.filter((file) => existsSync(file))
  await mkdir(migrations, { recursive: true })
  if (!kept.includes(config)) await writeNew(config, configText(database))
  if (schema !== null && !kept.includes(schema)) await writeNew(schema, schemaText)
  // What a person wrote stays; what was written here has to say what the folder holds.
  const found = kept.includes(index) ? await readFile(index, 'utf8') : null
  if (found === null || isWritten(found)) await writeRevisionIndex({ folder: migrations, configuration: config, fileName })
  const created = wanted.filter((file) => !kept.includes(file))
  return found === null || found === (await readFile(index, 'utf8')) ? { created, kept } : { created, kept: kept.filter((file) => file !== index), renewed: [index] }
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text, { flag: 'wx' })
}

function refuseName(config: string): void {
  const name = path.basename(config)
  const why = existsSync(config) ? `${name} is there already, and is about Tidemark itself: it names no folder of migrations.` : /\.m?[jt]s$/.test(name) ? null : `${name} would have to be TypeScript or JavaScript.`
  if (why === null) return
  throw new TidemarkError('argument_invalid', 'Cannot start a project', { why, next: 'Name another file with --config, for example --config app.config.ts, and give the same flag to every migrate command.' })
}

function configText(database: string): string {
  return `import { defineConfig } from 'tidemark/migrate';

export default defineConfig({
  // Also: pglite:./folder or postgres://… . TIDEMARK_DATABASE_URL and --database are stronger.
  database: ${textCode(database, defaultStyle)},
  schema: './schema.ts',
  migrations: './migrations',
});
`
}

const schemaText = `/**
 * The tables of this project. After a change: tidemark migrate revision --autogenerate -m "what changed"
 *
 * users: table({
 *   id: c.integer().primaryKey(),
 *   email: c.text().notNull().unique(),
 *   created_at: c.instant().notNull().defaultNow(),
 * }),
 */
import { c, defineSchema, table } from 'tidemark/schema';

export default defineSchema({
});
`

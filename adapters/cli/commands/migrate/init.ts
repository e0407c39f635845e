/** `tidemark migrate init`: the files that a project begins with. What is there already stays as it is. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { parseDatabaseUrl } from '../../../node/database-url.ts'
import { defaultFileName } from '../../../node/file-name-template.ts'
import { readProjectConfiguration } from '../../../node/project-config.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { isWritten, writeRevisionIndex } from '../../project/revision-index.ts'
import { bullets, renderPage, section } from '../../render/page.ts'
import type { Terminal } from '../../render/terminal.ts'

interface Started {
  /** Absolute paths of what was made, and of what was there. */
  readonly created: readonly string[]
  readonly kept: readonly string[]
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Writes tidemark.config.ts, schema.ts and a folder migrations with its index. Never overwrites a file.')
    .argument('[dir]', 'the folder of the project', '.')
    .addHelpText('after', examples(['tidemark migrate init', 'tidemark migrate init ./api --database pglite:./data']))
    .action(async (dir: string) => {
      const folder = path.resolve(invocation.io.cwd, dir)
      invocation.answer(await start(folder, invocation.flags.database), (terminal, started) => renderStarted(terminal, started, invocation.io.cwd))
    })
}

async function start(folder: string, database: string | undefined): Promise<Started> {
  if (database !== undefined) parseDatabaseUrl(database, folder)
  const existing = await readProjectConfiguration({ flags: {}, env: {}, cwd: folder })
  const migrations = existing?.migrations ?? path.join(folder, 'migrations')
  const fileName = existing?.fileName ?? defaultFileName
  const index = path.join(migrations, `index${path.extname(fileName)}`)
  const configuration = existing?.path ?? path.join(folder, 'tidemark.config.ts')
  const files: readonly (readonly [file: string | null, text: string])[] = [
    [configuration, configText(database ?? 'sqlite:./app.db')],
    [existing === null ? path.join(folder, 'schema.ts') : existing.schema, schemaText],
  ]
  const wanted = [...files.flatMap(([file]) => file ?? []), migrations, index]
  const kept = wanted.filter((file) => existsSync(file))
  await mkdir(migrations, { recursive: true })
  for (const [file, text] of files) if (file !== null && !kept.includes(file)) await writeFile(file, text, { flag: 'wx' })
  // What a person wrote stays; what was written here says what the folder holds.
  if (!kept.includes(index) || isWritten(await readFile(index, 'utf8'))) await writeRevisionIndex({ folder: migrations, configuration, fileName })
  return { created: wanted.filter((file) => !kept.includes(file)), kept }
}

function renderStarted(terminal: Terminal, { created, kept }: Started, cwd: string): string {
  const shown = (files: readonly string[]) => bullets(terminal, files.map((file) => path.relative(cwd, file)))
  return renderPage([
    section(terminal, 'Made', shown(created)),
    section(terminal, 'There already, left as it is', shown(kept)),
    section(terminal, 'Next', bullets(terminal, [
      'Declare your tables in schema.ts.',
      'tidemark migrate revision --autogenerate -m "first tables"',
      'tidemark migrate upgrade',
    ], (position) => `${position + 1}.`)),
  ])
}

function configText(database: string): string {
  return `import { defineConfig } from 'tidemark/migrate';

export default defineConfig({
  // Also: pglite:./folder or postgres://… . TIDEMARK_DATABASE_URL and --database are stronger.
  database: ${JSON.stringify(database).replace(/^"(.*)"$/, (_all, text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`)},
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

/** A project in a folder of its own, and the command line run in it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { freshFolder } from '../../support/engines.ts'
import { run, type Run, type WorldOptions } from '../capture.ts'

export interface ProjectFolder {
  readonly cwd: string
  /** Runs `tidemark migrate …` there. */
  migrate(...argv: readonly string[]): Promise<Run>
  /** The same, with more of the world. */
  migrateIn(world: WorldOptions, ...argv: readonly string[]): Promise<Run>
  /** The same with `--json`; it has to end with exit code 0, and nothing may be on standard error. */
  json(...argv: readonly string[]): Promise<ReturnType<typeof JSON.parse>>
  write(file: string, text: string): Promise<void>
  read(file: string): Promise<string>
  /** Names of the revision files, sorted. */
  revisions(): Promise<readonly string[]>
}

/** An empty folder. */
export async function emptyFolder(): Promise<ProjectFolder> {
  const cwd = await freshFolder()
  const migrateIn = (world: WorldOptions, ...argv: readonly string[]) => run(['migrate', ...argv], { cwd, ...world })
  const migrate = (...argv: readonly string[]) => migrateIn({}, ...argv)
  return {
    cwd,
    migrateIn,
    migrate,
    async json(...argv) {
      const { code, stdout, stderr } = await migrate(...argv, '--json')
      expect([code, stderr], argv.join(' ')).toEqual([0, ''])
      return JSON.parse(stdout)
    },
    async write(file, text) {
      await mkdir(path.dirname(path.join(cwd, file)), { recursive: true })
      await writeFile(path.join(cwd, file), text)
    },
    read: (file) => readFile(path.join(cwd, file), 'utf8'),
    revisions: async () => (await readdir(path.join(cwd, 'migrations'))).filter((name) => !name.startsWith('index.')).toSorted(),
  }
}

/** A project with a configuration, and revisions whose headers are given; each makes a table of its own. */
export async function projectWith(revisions: readonly RevisionSketch[], { config = '' }: { readonly config?: string } = {}): Promise<ProjectFolder> {
  const folder = await emptyFolder()
  await folder.write('tidemark.config.ts', `
    import { defineConfig } from 'tidemark/migrate'
    export default defineConfig({ database: 'sqlite:./app.db', migrations: './migrations', ${config} })`)
  await folder.write('migrations/.keep', '')
  for (const revision of revisions) await folder.write(`migrations/${revision.id}.ts`, revisionText(revision))
  return folder
}

export interface RevisionSketch {
  readonly id: string
  readonly down?: readonly string[]
  readonly labels?: readonly string[]
  readonly dependsOn?: readonly string[]
  readonly message?: string
  /** More properties, as text. */
  readonly more?: string
  readonly upgrade?: string
  readonly downgrade?: string
}

export function revisionText({ id, down = [], labels = [], dependsOn = [], message = `add ${id}`, more = '', upgrade, downgrade }: RevisionSketch): string {
  return `
    import { defineRevision } from 'tidemark/migrate'
    import { c } from 'tidemark/schema'
    export default defineRevision({
      id: '${id}', down: ${JSON.stringify(down)}, labels: ${JSON.stringify(labels)}, dependsOn: ${JSON.stringify(dependsOn)},
      message: '${message}', createdAt: '2026-11-20T18:00:00Z', ${more}
      async upgrade(op) { ${upgrade ?? `await op.createTable('t_${id}', { id: c.integer().primaryKey() })`} },
      async downgrade(op) { ${downgrade ?? `await op.dropTable('t_${id}')`} },
    })`
}

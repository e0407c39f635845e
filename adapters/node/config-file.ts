/**
 * Finds and reads `tidemark.config.ts|js|mjs|json`. Gives the raw values; what they must be is decided in `config.ts` and
 * `project-config.ts`. There are two kinds: a file that names a folder of `migrations` is about the schema of a project,
 * any other about Tidemark itself. A TypeScript or JavaScript file is the user's own program and is run; what it throws
 * is theirs, and is told.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadModule, reasonOf } from './load-module.ts'

const configFileNames = ['tidemark.config.ts', 'tidemark.config.js', 'tidemark.config.mjs', 'tidemark.config.json'] as const

export type ConfigKind = 'tidemark' | 'project'

export interface ConfigFile {
  /** Absolute; null when there is no file. */
  readonly path: string | null
  readonly values: unknown
  /** What is wrong with the file itself; null when it could be read. */
  readonly mistake: string | null
}

/**
 * The file that was asked for, else the first of the known names in the folder that is of this kind, else nothing. A file
 * that cannot be read counts as of this kind. Never throws.
 */
export async function readConfigFile(folder: string, kind: ConfigKind, asked?: string | undefined): Promise<ConfigFile> {
  const candidates = asked === undefined ? configFileNames.map((name) => path.join(folder, name)) : [path.resolve(folder, asked)]
  for (const file of candidates.filter((candidate) => existsSync(candidate))) {
    const result = file.endsWith('.json') ? await readJson(file) : await runModule(file)
    if (result.mistake !== null || kindOf(result.values) === kind) return { path: file, ...result }
    if (asked !== undefined && kind === 'tidemark') return { path: file, values: {}, mistake: `${path.basename(file)}: is about the migrations of a project, not about Tidemark` }
  }
  const isMissing = asked !== undefined && !candidates.some((candidate) => existsSync(candidate))
  return { path: null, values: {}, mistake: isMissing ? '--config: there is no such file' : null }
}

function kindOf(values: unknown): ConfigKind {
  return typeof values === 'object' && values !== null && 'migrations' in values ? 'project' : 'tidemark'
}

type Reading = Pick<ConfigFile, 'values' | 'mistake'>

async function readJson(file: string): Promise<Reading> {
  try {
    return { values: JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, '')), mistake: null }
  } catch (error) {
    // The parser's message quotes the text around the mistake, which can be the token.
    const what = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'
    return { values: {}, mistake: `${path.basename(file)}: ${what}` }
  }
}

async function runModule(file: string): Promise<Reading> {
  try {
    return { values: await loadModule(file), mistake: null }
  } catch (error) {
    return { values: {}, mistake: `${path.basename(file)}: cannot be loaded: ${reasonOf(error)}` }
  }
}

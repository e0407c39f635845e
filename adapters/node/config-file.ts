/**
 * Finds and reads `tidemark.config.ts|js|json`. Gives the raw values; what they must be is decided in `config.ts`.
 * A TypeScript or JavaScript file is the user's own program and is run; what it throws is theirs, and is told.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

export const configFileNames = ['tidemark.config.ts', 'tidemark.config.js', 'tidemark.config.json'] as const

export interface ConfigFile {
  /** Absolute; null when there is no file. */
  readonly path: string | null
  readonly values: unknown
  /** What is wrong with the file itself; null when it could be read. */
  readonly mistake: string | null
}

/** The file that was asked for, else the first of the known names in the folder, else nothing. Never throws. */
export async function readConfigFile(folder: string, asked?: string | undefined): Promise<ConfigFile> {
  const candidates = asked === undefined ? configFileNames.map((name) => path.join(folder, name)) : [path.resolve(folder, asked)]
  const file = candidates.find((candidate) => existsSync(candidate))
  if (file === undefined) return { path: null, values: {}, mistake: asked === undefined ? null : '--config: there is no such file' }
  const result = file.endsWith('.json') ? await readJson(file) : await runModule(file)
  return { path: file, ...result }
}

type Reading = Pick<ConfigFile, 'values' | 'mistake'>

async function readJson(file: string): Promise<Reading> {
  try {
    return { values: JSON.parse(await readFile(file, 'utf8')), mistake: null }
  } catch (error) {
    // The parser's message quotes the text around the mistake, which can be the token.
    const what = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read'
    return { values: {}, mistake: `${path.basename(file)}: ${what}` }
  }
}

async function runModule(file: string): Promise<Reading> {
  try {
    const { createJiti } = await import('jiti')
    // No cache on disk: the file can hold a token.
    const values = await createJiti(file, { fsCache: false }).import(file, { default: true })
    return { values, mistake: null }
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : []
    return { values: {}, mistake: `${path.basename(file)}: cannot be loaded: ${reason.slice(0, 200)}` }
  }
}

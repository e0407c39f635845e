/**
 * Runs a TypeScript or JavaScript file of the user's without a build step. What it imports as `tidemark/schema` and
 * `tidemark/migrate` is this running package, also where another version, or none, is installed beside the file.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Jiti } from 'jiti'
import { isTidemarkError } from '../../src/errors.ts'

/**
 * The default export of the file, or all of its exports where it has no default. Read anew at every call.
 *
 * @throws what the file throws, and what is wrong with its text
 */
export async function loadModule(file: string): Promise<unknown> {
  const [loader, source] = await Promise.all([loaderFor(path.dirname(file)), readFile(file, 'utf8')])
  // Left to itself the loader hands a `.mjs` to Node, which would find the installed package or nothing.
  const module: unknown = await loader.evalModule(source, { filename: file, async: true, forceTranspile: true })
  return typeof module === 'object' && module !== null && 'default' in module ? (module.default ?? module) : module
}

/** Why a file could not be run, in one line; without the stack. */
export function reasonOf(error: unknown): string {
  if (isTidemarkError(error)) return error.why.replace(/\.$/, '')
  if (!(error instanceof Error)) return 'it threw something that is no error'
  const [first = '', second = ''] = error.message.split('\n').map((line) => line.trim())
  // The parser puts the place on a line of its own.
  return (first.startsWith('ParseError: ') ? `${first.slice('ParseError: '.length)} (${second})` : first).slice(0, 200)
}

async function loaderFor(folder: string): Promise<Jiti> {
  const [{ createJiti }, schema, migrate] = await Promise.all([import('jiti'), import('../../src/schema/mod.ts'), import('../../src/migrate/mod.ts')])
  return createJiti(`${folder}${path.sep}`, {
    // A configuration can hold a token, and a cache in a shared folder can be written by others.
    fsCache: false,
    moduleCache: false,
    virtualModules: { 'tidemark/schema': schema, 'tidemark/migrate': migrate },
  })
}

/** What the peers have in common: they are npm packages of `bench/peers`, and may not be installed. */
import { access, mkdir, mkdtemp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { NeutralRevision } from '../history/neutral.ts'
import type { BenchDialect, CommandLine, RebuildVariant, Tool } from '../tool.ts'
import { writeFiles } from '../write/revision-text.ts'

// The bench is started by npm, in the folder of the project.
export const peersFolder = resolve('bench/peers')

export interface PeerOptions {
  readonly name: string
  readonly package: string
  /** Its file in `bench/peers`. */
  readonly script: string
  readonly dialects?: readonly BenchDialect[]
  readonly transactions: Tool['transactions']
  readonly rebuilds?: readonly RebuildVariant[]
  readonly compares?: readonly BenchDialect[]
  readonly files: (revisions: readonly NeutralRevision[], dialect: BenchDialect, folder: string) => readonly (readonly [name: string, text: string])[]
  /** Arguments of Node, from `bench/peers`. Left out: it has no command, and its script runs as one. */
  readonly upgradeArgs?: (folder: string) => readonly string[]
}

export function peer(options: PeerOptions): Tool {
  const node = (...args: readonly string[]): CommandLine => ({ file: process.execPath, args, cwd: peersFolder })
  return {
    name: options.name,
    dialects: options.dialects ?? ['sqlite', 'postgres'],
    transactions: options.transactions,
    rebuilds: options.rebuilds,
    compares: options.compares,
    missing: () => access(join(peersFolder, 'node_modules', options.package)).then(() => undefined, () => 'not installed: npm run bench:peers'),
    async folder() {
      // Below node_modules, where the files find the packages and git does not look.
      const cache = join(peersFolder, 'node_modules/.cache/')
      await mkdir(cache, { recursive: true })
      return mkdtemp(cache)
    },
    write: (revisions, folder, dialect) => writeFiles(folder, options.files(revisions, dialect, folder)),
    worker: async () => node(options.script),
    upgradeCommand: async (folder, database) => (options.upgradeArgs === undefined ? node(options.script, folder, database) : node(...options.upgradeArgs(folder))),
  }
}

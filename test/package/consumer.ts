/**
 * A project that uses the published package: the packed tarball in a node_modules of its own, its dependencies linked
 * from ours. No registry is asked. What the tarball forgets is missing here, whatever the checkout holds.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly mcpName: string
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** The import specifiers of every entry that is code: `tidemark`, `tidemark/sqljs`, … */
export const specifiers: readonly string[] = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([path]) => path.replace('.', manifest.name))

export interface Consumer {
  readonly folder: string
  /** The installed package. */
  readonly installed: string
  write(path: string, text: string): string
  remove(): void
}

/** @param without packages to leave out, as a user does who did not install an optional engine. */
export function createConsumer(options: { readonly without?: readonly string[] } = {}): Consumer {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('The package is not built: run "npm run build" first')
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-consumer-'))
  const installed = join(folder, 'node_modules', manifest.name)
  const write = (path: string, text: string): string => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' })
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }]
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1'])
  const linked = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
  for (const name of linked.filter((dependency) => !options.without?.includes(dependency))) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return { folder, installed, write, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What a user installs: the files, the names and types of every entry, and an executable command. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConsumer, manifest, root, specifiers, type Consumer } from './consumer.ts'

const tsc = join(root, 'node_modules/typescript/bin/tsc')
const strict = {
  strict: true, noEmit: true, target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', exactOptionalPropertyTypes: true, verbatimModuleSyntax: true,
}

let consumer: Consumer

beforeAll(() => {
  consumer = createConsumer()
}, 60_000)

afterAll(() => consumer.remove())

/** The pages of the project. */
function papers(): readonly string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`).toSorted()
}

describe('the tarball', () => {
  it('holds the build with the licences of what is built in, the prepared PGlite database and the papers, and nothing else', () => {
    const files = readdirSync(consumer.installed, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(consumer.installed.length + 1))
    expect(files.filter((file) => !file.startsWith('dist/')).toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', ...papers(), 'package.json'])
    expect(files.filter((file) => !/\.(js|js\.map|d\.ts)$/.test(file) && file.startsWith('dist/'))).toEqual(['dist/kysely.LICENSE', 'dist/mcp-sdk.LICENSE', 'dist/pglite-cluster.br'])
  })

  it('is soon there: at most 3.5 MB to load and 10 MB unpacked, and 45 other packages', () => {
    const sizes = (folder: string): readonly number[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, name))).filter((entry) => entry.isFile()).map(({ size }) => size)
    const [tarball = ''] = readdirSync(consumer.folder).filter((name) => name.endsWith('.tgz'))
    expect(statSync(join(consumer.folder, tarball)).size).toBeLessThan(3_500_000)
    expect(sizes(consumer.installed).reduce((sum, size) => sum + size)).toBeLessThan(10_000_000)
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, { readonly dev?: true; readonly devOptional?: true; readonly optional?: true; readonly peer?: true }>> }
    expect(Object.entries(packages).filter(([name, { dev, devOptional, optional, peer }]) => name !== '' && !(dev ?? devOptional ?? optional ?? peer)).length).toBeLessThanOrEqual(45)
  })

  it('needs no install script', () => {
    expect(Object.keys(JSON.parse(readFileSync(join(consumer.installed, 'package.json'), 'utf8')).scripts))
      .not.toEqual(expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$|^prepare$/)]))
  })
})

describe('every entry', () => {
  it('is one of the design', () => {
    expect(specifiers).toEqual(['tidemark', ...['schema', 'migrate', 'sqljs', 'browser', 'pglite', 'postgres', 'simulator', 'mcp', 'adapter', 'testing'].map((name) => `tidemark/${name}`)])
  })

  it('is imported by name, leaves the globals alone and gives exactly these names', () => {
    expect(namesByEntry(consumer)).toMatchSnapshot()
  })

  it('has types that a strict project resolves', () => {
    consumer.write('everything.ts', specifiers.map(importOf).join('\n'))
    consumer.write('use.ts', `
      import { openTidemark } from 'tidemark'
      import { sqljs } from 'tidemark/sqljs'
      const tidemark = await openTidemark({ storage: await sqljs(), customerId: 1 })
      export const title: string = (await tidemark.bugs.list({ severities: ['critical'] })).items[0]!.title
      // @ts-expect-error a customer is a number: types that do not resolve would let this through
      await openTidemark({ storage: await sqljs(), customerId: '1' })
      // @ts-expect-error there is no such severity
      await tidemark.bugs.list({ severities: ['dreadful'] })`)
    const compilerOptions = { ...strict, types: ['node'], typeRoots: [join(root, 'node_modules/@types')], skipLibCheck: true }
    consumer.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['everything.ts', 'use.ts'] }))
    expect(typeErrors(consumer, 'tsconfig.json')).toBe('')
  }, 120_000)

  it('of the core has types that need no types of Node', () => {
    consumer.write('core.ts', ['', '/schema', '/migrate', '/simulator', '/adapter', '/testing'].map((path) => importOf(`tidemark${path}`)).join('\n'))
    const compilerOptions = { ...strict, types: [], lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'], skipLibCheck: true }
    consumer.write('tsconfig.core.json', JSON.stringify({ compilerOptions, files: ['core.ts'] }))
    expect(typeErrors(consumer, 'tsconfig.core.json')).toBe('')
  }, 120_000)
})

describe('optional engines', () => {
  it('may be missing as long as nobody asks for them', () => {
    const lean = createConsumer({ without: Object.keys(manifest.peerDependencies) })
    try {
      const names = namesByEntry(lean, specifiers.filter((specifier) => !/pglite|postgres/.test(specifier)))
      expect(names['tidemark/sqljs']).toContain('sqljs')
    } finally {
      lean.remove()
    }
  }, 60_000)
})

describe('the command', () => {
  it('is an executable file that tells its version', () => {
    const command = join(consumer.installed, manifest.bin['tidemark'] ?? '')
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    accessSync(command, constants.X_OK)
    expect(execFileSync(process.execPath, [command, '--version'], { encoding: 'utf8', cwd: consumer.folder }).trim()).toBe(manifest.version)
  })
})

/**
 * Imports each entry in a process of its own: the names come from Node's own resolution, not from the test runner's. The one
 * change to the globals that is let through is the registry of the validator inside the MCP SDK.
 */
function namesByEntry(project: Consumer, entries: readonly string[] = specifiers): Record<string, string[]> {
  const script = project.write('names.mjs', `
    const before = new Set(Object.getOwnPropertyNames(globalThis))
    const names = {}
    for (const entry of ${JSON.stringify(entries)}) names[entry] = Object.keys(await import(entry)).sort()
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !name.startsWith('__zod_'))
    if (added.length > 0) throw new Error('An import changed the globals: ' + added)
    console.log(JSON.stringify(names))`)
  return JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as Record<string, string[]>
}

function importOf(specifier: string): string {
  const name = specifier.replace(/\W/g, '_')
  return `import * as ${name} from '${specifier}'\nexport const names_of_${name}: object = ${name}`
}

function typeErrors(project: Consumer, config: string): string {
  try {
    execFileSync(process.execPath, [tsc, '-p', config], { cwd: project.folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { readonly stdout: string }).stdout
  }
}

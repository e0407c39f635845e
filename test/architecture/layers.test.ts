/**
 * The layering of design and code, held by dependency-cruiser: the tree keeps every rule of `.dependency-cruiser.mjs`,
 * and every one of those rules turns red when it is broken. Rules are tried on a small tree of their own, so that no
 * other test meets the planted fault.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

type Files = Readonly<Record<string, string>>

const root = join(import.meta.dirname, '../..')
const folders = ['src', 'adapters', 'migrations', 'bench', 'test']

/** Packages that the small tree can import: name → kind of dependency in its package.json. */
const packages = {
  kysely: 'dependencies', 'd3-scale': 'dependencies', 'sql.js': 'dependencies', commander: 'dependencies', '@modelcontextprotocol/server': 'dependencies',
  pg: 'peerDependencies', '@electric-sql/pglite': 'peerDependencies', vitest: 'devDependencies',
} as const

/** A tree that keeps every rule and uses everything that is allowed. */
const lawful: Files = {
  'src/mod.ts': `export { open } from './open-tidemark.ts'`,
  'src/open-tidemark.ts': `import { a } from './part/a.ts'\nimport { revisions } from '../migrations/index.ts'\nexport const open = [a, revisions]`,
  'src/part/a.ts': `import { sql } from 'kysely'\nimport type { B } from './b.ts'\nexport const a: B = sql\nexport interface A { readonly b: B }`,
  'src/part/b.ts': `import type { A } from './a.ts'\nexport type B = A | unknown`,
  'src/migrate/m.ts': `import { sql } from 'kysely'\nexport const m = sql`,
  'migrations/index.ts': `import { m } from '../src/migrate/m.ts'\nimport type { A } from '../src/part/a.ts'\nexport const revisions: readonly (A | unknown)[] = [m]`,
  'adapters/sqljs/sqljs.ts': `import { readFileSync } from 'node:fs'\nimport init from 'sql.js'\nimport { a } from '../../src/part/a.ts'\nexport const sqljs = [init, readFileSync, a]`,
  'adapters/pglite/pglite.ts': `import { PGlite } from '@electric-sql/pglite'\nexport const pglite = PGlite`,
  'adapters/postgres/postgres.ts': `import pg from 'pg'\nexport const postgres = pg`,
  'adapters/mcp/server.ts': `import { McpServer } from '@modelcontextprotocol/server'\nexport const server = McpServer`,
  'adapters/cli/main.ts': `import { Command } from 'commander'\nimport { sqljs } from '../sqljs/sqljs.ts'\nimport { server } from '../mcp/server.ts'\nimport { open } from '../../src/mod.ts'\nexport const main = [Command, sqljs, server, open]`,
  'bench/main.ts': `import { open } from '../src/mod.ts'\nexport const bench = open`,
  'test/a.test.ts': `import { it } from 'vitest'\nimport { revisions } from '../migrations/index.ts'\nexport const tests = [it, revisions]`,
}

/** For each rule, files that break it; one rule can have several ways. */
const faults: Readonly<Record<string, readonly Files[]>> = {
  'core-without-runtime': [
    { 'src/part/c.ts': `import { readFile } from 'node:fs/promises'\nexport const c = readFile` },
    { 'src/part/c.ts': `export const c = () => import('node:crypto')` },
    { 'src/part/c.ts': `import type { Buffer } from 'node:buffer'\nexport type C = Buffer` },
  ],
  'core-without-adapters': [
    { 'src/part/c.ts': `import { sqljs } from '../../adapters/sqljs/sqljs.ts'\nexport const c = sqljs` },
    { 'migrations/0001.ts': `import { sqljs } from '../adapters/sqljs/sqljs.ts'\nexport const c = sqljs` },
  ],
  'core-libraries': [
    { 'src/part/c.ts': `import init from 'sql.js'\nexport const c = init` },
    { 'src/part/c.ts': `import type { PGlite } from '@electric-sql/pglite'\nexport type C = PGlite` },
    { 'src/part/c.ts': `import { McpServer } from '@modelcontextprotocol/server'\nexport const c = McpServer` },
  ],
  'adapters-apart': [{ 'adapters/sqljs/c.ts': `import { postgres } from '../postgres/postgres.ts'\nexport const c = postgres` }],
  'nothing-below-the-command': [{ 'adapters/mcp/c.ts': `import { main } from '../cli/main.ts'\nexport const c = main` }],
  'sqljs-in-its-adapter': [{ 'adapters/cli/c.ts': `import init from 'sql.js'\nexport const c = init` }],
  'pglite-in-its-adapter': [{ 'adapters/cli/c.ts': `import { PGlite } from '@electric-sql/pglite'\nexport const c = PGlite` }],
  'postgres-in-its-adapter': [{ 'adapters/mcp/c.ts': `import pg from 'pg'\nexport const c = pg` }],
  'mcp-sdk-in-its-adapter': [{ 'adapters/cli/c.ts': `import { McpServer } from '@modelcontextprotocol/server'\nexport const c = McpServer` }],
  'charts-in-the-report': [{ 'src/part/c.ts': `import { scaleLinear } from 'd3-scale'\nexport const c = scaleLinear` }],
  'terminal-in-the-command': [{ 'adapters/mcp/c.ts': `import { Command } from 'commander'\nexport const c = Command` }],
  'migrations-by-wiring': [
    { 'src/part/c.ts': `import { revisions } from '../../migrations/index.ts'\nexport const c = revisions` },
    { 'adapters/mcp/c.ts': `import { revisions } from '../../migrations/index.ts'\nexport const c = revisions` },
  ],
  'revisions-of-their-own': [{ 'migrations/c.ts': `import { a } from '../src/part/a.ts'\nexport const c = a` }],
  'product-without-scaffolding': [
    { 'src/part/c.ts': `import { tests } from '../../test/a.test.ts'\nexport const c = tests` },
    { 'adapters/cli/c.ts': `import { bench } from '../../bench/main.ts'\nexport const c = bench` },
  ],
  'no-development-packages': [{ 'adapters/cli/c.ts': `import { it } from 'vitest'\nexport const c = it` }],
  'no-barrels-inside': [{ 'src/part/c.ts': `import { open } from '../mod.ts'\nexport const c = open` }],
  'no-runtime-cycles': [
    { 'src/part/c.ts': `import { d } from './d.ts'\nexport const c = d`, 'src/part/d.ts': `import { c } from './c.ts'\nexport const d = c` },
  ],
  'no-unresolvable': [{ 'src/part/c.ts': `import { gone } from './gone.ts'\nexport const c = gone` }],
}

let options: ICruiseOptions
let temporary: string[] = []

beforeAll(async () => {
  options = await extractOptions(join(root, '.dependency-cruiser.mjs'))
})

afterEach(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true })
  temporary = []
})

describe('the tree', () => {
  it('keeps every rule', async () => {
    const result = await read(root)
    expect(result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
    // An empty reading would keep every rule too.
    const names = result.modules.map((module) => module.source)
    expect(names).toEqual(expect.arrayContaining(['src/tidemark.ts', 'src/storage/storage.ts', 'src/model/schema.ts', 'test/architecture/layers.test.ts']))
    expect(names.filter((name) => name.startsWith('src/')).length).toBeGreaterThan(60)
    expect(names.filter((name) => name.startsWith('adapters/')).length).toBeGreaterThan(15)
    expect(names.filter((name) => name.startsWith('migrations/')).length).toBeGreaterThan(1)
  })
})

describe('the rules', () => {
  it('allow what the design allows', async () => {
    const result = await read(plant(lawful))
    expect(brokenRules(result)).toEqual([])
    expect(result.modules.map((module) => module.source)).toEqual(expect.arrayContaining(Object.keys(lawful)))
  })

  it('are all tried below', () => {
    expect(new Set(Object.keys(faults))).toEqual(new Set(options.ruleSet?.forbidden?.map((rule) => rule.name)))
  })

  for (const [rule, ways] of Object.entries(faults)) {
    it.each(ways.map((files) => [Object.entries(files).flat()[0], Object.values(files)[0], files] as const))(`${rule} stops %s: %j`, async (_path, _text, files) => {
      expect(brokenRules(await read(plant({ ...lawful, ...files })))).toContain(rule)
    })
  }
})

async function read(baseDir: string): Promise<ICruiseResult> {
  const tsConfig = extractTsConfig(join(root, 'tsconfig.json'))
  const { output } = await cruise(folders, { ...options, baseDir, tsConfig: { fileName: join(root, 'tsconfig.json') }, validate: true }, undefined, { tsConfig })
  if (typeof output === 'string') throw new TypeError('Cannot read the dependencies: expected an object, got text')
  return output
}

function brokenRules(result: ICruiseResult): string[] {
  return result.summary.violations.map((violation) => violation.rule.name)
}

/** Writes a tree with its packages into a new folder. */
function plant(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-layers-'))
  temporary.push(folder)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const manifest: Record<string, Record<string, string>> = {}
  for (const [name, kind] of Object.entries(packages)) {
    manifest[kind] = { ...manifest[kind], [name]: '*' }
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(`node_modules/${name}/index.js`, '')
  }
  write('package.json', JSON.stringify({ name: 'small-tree', type: 'module', ...manifest }))
  for (const [path, text] of Object.entries(files)) write(path, text)
  return folder
}

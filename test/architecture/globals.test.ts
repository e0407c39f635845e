/** The core names no global of one runtime: the linter's rule for it is on where it must be, and only there. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'

interface Diagnostic { readonly code: string; readonly filename: string }

const root = join(import.meta.dirname, '../..')
const programs = join(root, 'node_modules/.bin')
const uses = ['process.pid', 'Buffer.alloc(1)', 'Deno.pid', 'Bun.version', '__dirname', 'require("x")', 'global.x', 'setImmediate(f)', 'window.x']

let found: readonly Diagnostic[]

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-globals-'))
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    for (const part of ['src', 'adapters']) mkdirSync(join(folder, part))
    for (const [index, use] of uses.entries()) {
      for (const part of ['src', 'adapters']) writeFileSync(join(folder, part, `use-${index}.ts`), `export const value: unknown = ${use}\n`)
    }
    writeFileSync(join(folder, 'src/web.ts'), 'export const value = [fetch, Request, URL, AbortSignal, crypto, TextEncoder, performance, setTimeout]\n')
    writeFileSync(join(folder, 'src/promise.ts'), 'export async function f(): Promise<void> {}\nf()\n')
    found = lint(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('a global of one runtime', () => {
  it.each([...uses.entries()])('stops the linter in the core, not in an adapter (%i: %s)', (index) => {
    expect(faultsOf(`src/use-${index}.ts`)).toContain('eslint(no-restricted-globals)')
    expect(faultsOf(`adapters/use-${index}.ts`)).not.toContain('eslint(no-restricted-globals)')
  })

  it('is told apart from a web-standard one', () => {
    expect(faultsOf('src/web.ts')).toEqual([])
  })
})

describe('the linter', () => {
  it('runs the rules that need types', () => {
    expect(faultsOf('src/promise.ts')).toContain('typescript(no-floating-promises)')
  })

  it('reads the whole tree', () => {
    const files = spawnSync(join(programs, 'oxlint'), ['--debug=files'], { cwd: root, encoding: 'utf8' }).stdout.split('\n')
    expect(files).toEqual(expect.arrayContaining(['src/tidemark.ts', 'test/architecture/globals.test.ts', 'tsup.config.ts']))
  })
})

function faultsOf(path: string): string[] {
  return found.filter((diagnostic) => diagnostic.filename === path).map((diagnostic) => diagnostic.code)
}

/** The programs' folder is on the path because the linter looks there for its type-aware half. */
function lint(folder: string): readonly Diagnostic[] {
  const environment = { ...process.env, PATH: `${programs}:${process.env['PATH']}` }
  const { stdout } = spawnSync(join(programs, 'oxlint'), ['-f', 'json'], { cwd: folder, encoding: 'utf8', env: environment })
  return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics
}

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { freshFolder } from '../support/engines.ts'

const writer = fileURLToPath(new URL('../support/endless-writer.ts', import.meta.url))
const loader = fileURLToPath(import.meta.resolve('jiti/register'))

describe.each([
  { engine: 'sqljs', open: (path: string) => sqljs({ file: path }) },
  { engine: 'pglite', open: (path: string) => pglite({ dir: path }) },
])('a database on disk with $engine', ({ engine, open }) => {
  it('has every commit whole after the process was killed', { timeout: 180_000 }, async () => {
    const path = join(await freshFolder(), 'database')
    const child = spawn(process.execPath, ['--import', loader, writer, engine, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = new Promise((resolve) => child.once('exit', resolve))
    let committed = 0
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the writer ended by itself')))
      child.stdout.on('data', (data: Buffer) => {
        committed = Number(data.toString().trim().split('\n').at(-1))
        if (committed >= 20) resolve()
      })
    })
    child.kill('SIGKILL')
    await exited

    await using storage = await open(path)
    const count = async (): Promise<number> => (await storage.query<{ n: number }>({ sql: 'select count(*) as n from notes' })).rows[0]?.n ?? -1
    const kept = await count()
    // The commit that was under way may have made it, but then as a whole.
    expect(kept % 2).toBe(0)
    expect(kept / 2).toBeGreaterThanOrEqual(committed)
    await storage.query({ sql: `insert into notes (title) values ('after')` })
    expect(await count()).toBe(kept + 1)
  })
})

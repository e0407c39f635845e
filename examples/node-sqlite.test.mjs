// Proves the adapter by the laws of a storage: node --test node-sqlite.test.mjs
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { storageLawCases } from 'tidemark/testing'
import { nodeSqlite } from './node-sqlite.mjs'

const folder = mkdtempSync(join(tmpdir(), 'node-sqlite-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

// Each law gets a place of its own, and may open it several times.
const places = {
  'in memory': async () => ({ open: (options) => nodeSqlite(options) }),
  'on a file': async () => {
    const file = join(folder, `${(files += 1)}.db`)
    return { open: (options) => nodeSqlite({ file, ...options }) }
  },
}

for (const [where, place] of Object.entries(places)) {
  describe(where, () => {
    for (const { name, run } of storageLawCases({ place })) {
      it(name, async (test) => {
        const { skipped } = await run()
        if (skipped !== undefined) test.skip(skipped)
      })
    }
  })
}

/** A server process over plain values for the tests of stdio. What goes wrong with it is chosen by the first argument. */
import { runStdioServer } from '../../adapters/mcp/stdio.ts'
import type { Tool } from '../../adapters/mcp/tool.ts'
import { tools } from '../../adapters/mcp/tools.ts'
import type { SyncOptions } from '../../src/sync/types.ts'
import { fakeTidemark, productItem, syncResult } from './fake-tidemark.ts'

const mode = process.argv[2]
const say = (line: string): void => void process.stderr.write(`${line}\n`)

// One that no host would take.
if (mode === 'bad-tool') (tools as Tool[]).splice(0, 1, ...tools.slice(0, 1).map((tool) => ({ ...tool, definition: { ...tool.definition, name: 'Bad Name' } })))

/** Runs until it is cancelled. */
async function endlessSync({ signal, onStart, onProgress }: SyncOptions = {}) {
  onStart?.({ runId: 7, startedAt: '2025-08-01T00:00:00.000Z' })
  onProgress?.({ done: 1, total: 2, stream: 'products', productId: null, newCount: 0, changedCount: 0, deletedCount: 0 })
  await new Promise((resolve) => signal?.addEventListener('abort', resolve))
  say('sync cancelled')
  return syncResult({ outcome: 'cancelled' })
}

await runStdioServer(async () => {
  say('opening')
  if (mode === 'never-opens') await new Promise(() => undefined)
  if (mode === 'fails') throw new Error('no such file: /home/ada/secret.db')
  if (mode === 'slow') await new Promise((resolve) => { setTimeout(resolve, 200) })
  // What a careless library does.
  if (mode === 'noisy') console.log('noise')
  return fakeTidemark({
    products: [productItem()],
    sync: endlessSync,
    async schedule({ signal }) {
      say('refreshing')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      say('refresh stopped')
    },
    async close() {
      if (mode === 'never-closes') await new Promise(() => undefined)
      say('closed')
    },
  })
}, mode === 'refreshes' ? { refreshSeconds: 60 } : {})

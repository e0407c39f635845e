/**
 * Runs the benches and prints their figures: `npm run bench [-- --scale demo] [-- lists]`, with a name of `names.ts`, also as `--only`. `scale`, which takes ten
 * times the data, and `sync/memory`, the only one that knows `--scale large`, run only when they are named.
 */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { analytics } from './analytics/analytics.ts'
import { countAnswers } from './answers/answers.ts'
import { figureTable } from './figure-table.ts'
import { lists } from './lists/lists.ts'
import { benchMcp } from './mcp/mcp.ts'
import { benchMigrate } from './migrate/migrate.ts'
import { benchNames, isMeant, type BenchName } from './names.ts'
import { benchOpening } from './opening/opening.ts'
import { growthTable } from './scale/growth-table.ts'
import { missingPeers } from './peer-queries/contestants.ts'
import { benchPeerQueries, peerTables } from './peer-queries/peer-queries.ts'
import { benchScale } from './scale/scale.ts'
import { benchSearch } from './search/search.ts'
import { benchStorage } from './storage/storage.ts'
import { BenchAccounts } from './support/accounts.ts'
import { measureOperations, type OperationsBench } from './support/operations.ts'
import { benchSync } from './sync/sync.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { scale: { type: 'string', default: 'seed' }, only: { type: 'string' }, samples: { type: 'string', default: '200' } } })
const only = values.only ?? positionals[0]
const wants = (name: BenchName): boolean => isMeant(name, only)
if (!benchNames.some(wants)) throw new RangeError(`There is no bench "${only}"; there are ${benchNames.join(', ')}`)
if (!['demo', 'seed', ...(only === 'sync/memory' ? ['large'] : [])].includes(values.scale)) throw new RangeError(`There is no scale "${values.scale}" for this`)
const scale = values.scale === 'demo' ? 'demo' : 'seed'
const ms = (value: number): string => value.toFixed(2)

console.log(`Node ${process.version}, ${process.platform} ${process.arch}, scale ${scale}\n`)

{
  await using accounts = new BenchAccounts(scale)
  const print = async (bench: OperationsBench, warmUp: number, samples: number): Promise<void> => {
    for (const account of await accounts.all()) console.log(`${bench.name}\n${figureTable(await measureOperations(bench, account, { warmUp, samples }))}\n`)
  }
  if (wants('lists')) await print(lists, 200, Number(values.samples))
  if (wants('analytics')) await print(analytics, 5, Math.ceil(Number(values.samples) / 4))
  if (wants('answers')) {
    for (const account of await accounts.all()) console.log(`answers\n${figureTable(await countAnswers(account))}\n`)
  }
  if (wants('search')) {
    for (const account of await accounts.all()) console.log(`search\n${figureTable(await benchSearch(account, { warmUp: 5, samples: Math.ceil(Number(values.samples) / 4) }))}\n`)
  }
  if (wants('peers')) {
    const missing = await missingPeers()
    console.log(`peers\n${missing ?? peerTables(await benchPeerQueries(await accounts.on('sqljs'), { warmUp: 5, samples: Math.ceil(Number(values.samples) / 4) }))}\n`)
  }
}

if (wants('opening')) console.log(`opening\n${figureTable(await benchOpening('all'))}\n`)

if (only === 'scale') console.log(growthTable(await benchScale(scale, { warmUp: 3, samples: Math.ceil(Number(values.samples) / 10) })))

if (wants('storage')) {
  const { commits, openings, memory } = await benchStorage(scale === 'demo' ? [3] : [25, 250])
  const table = new Table({
    head: ['engine', 'database', 'rows changed', 'commit p50 ms', 'p95', 'in memory p50', 'p95', 'KB written', 'flushes'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  })
  for (const { engine, megabytes, changedRows, ours, reference, writes } of commits) {
    const written = writes === null ? ['', ''] : [(writes.bytes / 1000).toFixed(0), writes.flushes]
    table.push([engine, `${megabytes} MB`, changedRows, ms(ours.p50), ms(ours.p95), ms(reference.p50), ms(reference.p95), ...written])
  }
  console.log(table.toString())
  for (const { engine, megabytes, after, p50, p95 } of openings) console.log(`${engine}: ${megabytes} MB opened after a ${after} in ${ms(p50)} ms (p95 ${ms(p95)})`)
  for (const { megabytes, process } of memory) console.log(`sqljs: ${megabytes} MB filled, scanned and changed in a process of ${process.toFixed(0)} MB`)
  console.log('')
}

// The memory of an account of any size is looked at only when it is named.
const memoryScale = values.scale === 'large' ? 'large' : scale
await benchSync(scale, memoryScale, (part) => (part === 'memory' ? only === 'sync/memory' : wants(`sync/${part}`)), (report) => console.log(`\n${report}`))

if (wants('mcp')) {
  const { storeBytes, figures } = await benchMcp(Number(values.samples))
  console.log(`mcp, store of ${(storeBytes / 1e6).toFixed(0)} MB\n${figureTable(figures)}\n`)
}

await benchMigrate(scale, (part) => wants(`migrate/${part}`), (report) => console.log(`\n${report}`))

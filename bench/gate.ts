/**
 * `npm run bench:gate [-- --only lists,analytics] [-- --rounds 20] [-- --write-baseline]`: measures what is gated, at seed scale, and ends
 * with 1 and the reasons when a ratio or a count got worse than the design or the baseline allows. Writes results/gate.json. Rounds
 * share one synced account.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { figureTable } from './figure-table.ts'
import { runGate, type GateResult } from './gate/attempts.ts'
import { gatedBenches } from './gate/benches.ts'
import { baselineOf, BaselineSchema, type Baseline } from './gate/verdict.ts'
import { BenchAccounts } from './support/accounts.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '1' }, attempts: { type: 'string', default: '5' }, 'write-baseline': { type: 'boolean', default: false } },
})
const baselineFile = 'bench/gate/baseline.json'
const rounds = Number(values.rounds)

const baseline = existsSync(baselineFile) ? v.parse(BaselineSchema, JSON.parse(await readFile(baselineFile, 'utf8'))) : {}
let failed = 0
await using accounts = new BenchAccounts('seed')
for (let round = 1; round <= rounds; round += 1) {
  const result = await runRound(values['write-baseline'] ? {} : baseline)
  if (result.breaches.length > 0) failed += 1
  for (const { name, reason } of result.breaches) console.log(`BROKEN  ${name}: ${reason}`)
  const again = Object.entries(result.attempts).filter(([, attempts]) => attempts > 1).map(([name, attempts]) => `${name} ${attempts} times`)
  console.log(`${rounds > 1 ? `round ${round} of ${rounds}: ` : ''}${result.figures.length} figures, ${result.breaches.length} broken${again.length === 0 ? '' : `; measured ${again.join(', ')}`}`)
  if (values['write-baseline']) await writeFile(baselineFile, `${JSON.stringify({ ...(values.only === undefined ? {} : baseline), ...baselineOf(result.figures) }, undefined, 2)}\n`)
}
process.exitCode = failed > 0 ? 1 : 0

async function runRound(against: Baseline): Promise<GateResult> {
  const benches = gatedBenches(accounts)
  const names = values.only?.split(',') ?? benches.map(({ name }) => name)
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) throw new RangeError(`No gated bench is called ${unknown.join(' or ')}; there are ${benches.map(({ name }) => name).join(', ')}`)
  const result = await runGate(benches.filter(({ name }) => names.includes(name)), {
    baseline: against,
    attempts: Number(values.attempts),
    onBroken: (bench, breaches) => console.log(`${bench}: ${breaches.length} broken (${breaches[0]?.name}: ${breaches[0]?.reason}); measured once more`),
  })
  for (const bench of new Set(result.figures.map((figure) => figure.bench))) console.log(`${bench}\n${figureTable(result.figures.filter((figure) => figure.bench === bench))}\n`)
  await mkdir('bench/results', { recursive: true })
  await writeFile('bench/results/gate.json', `${JSON.stringify({ node: process.version, finishedAt: new Date().toISOString(), ...result }, undefined, 2)}\n`)
  return result
}

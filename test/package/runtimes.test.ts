/** One script on the built package in every runtime, and what the README says of it. After a change of the table: `npx vitest run test/package/runtimes.test.ts -u`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectWritten } from '../docs/written-parts.ts'
import { createConsumer, root, type Consumer } from './consumer.ts'
import { exampleOfTruth, roundTripOfTruth } from './right-answers.ts'
import { runtimes } from './runtimes.ts'

const expected = roundTripOfTruth()
/** By runtime: what each step saw. */
const seen = new Map<string, Readonly<Record<string, unknown>>>()

let consumer: Consumer

beforeAll(() => {
  consumer = createConsumer()
  for (const [name, path] of [['library.mjs', 'examples/library.mjs'], ['round-trip.mjs', 'examples/round-trip.mjs']] as const) {
    consumer.write(name, readFileSync(join(root, path), 'utf8'))
  }
}, 60_000)

afterAll(() => consumer.remove())

describe.each(runtimes)('the package in $name', ({ name, missing, run, roundTrip }) => {
  // In CI all of them have to be there.
  const skips = missing !== undefined && process.env['CI'] === undefined
  const why = skips ? ` (skipped: ${missing})` : ''

  it.skipIf(skips)(`opens, migrates, syncs, answers, closes and opens again${why}`, async () => {
    expect(missing).toBeUndefined()
    const steps = (await roundTrip(consumer)) as Readonly<Record<string, unknown>>
    seen.set(name, steps)
    expect(steps).toEqual(expected)
  }, 120_000)

  // A page cannot run the example: it has no file, and prints nowhere.
  it.skipIf(skips).each(run === undefined ? [] : [{ run }])(`runs the example of the README${why}`, async ({ run: runScript }) => {
    expect(JSON.parse(await runScript(consumer, 'library.mjs'))).toEqual(exampleOfTruth())
  }, 120_000)
})

describe('the README', () => {
  it.skipIf(process.env['CI'] === undefined && runtimes.some(({ missing }) => missing !== undefined))('says where it runs, as it was seen just now (skipped where one of them is missing)', async () => {
    await expectWritten('README.md', { runtimes: table() })
  })
})

function table(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const rows = Object.entries(expected).map(([step, value]) =>
    line([step, ...runtimes.map(({ name }) => (isDeepStrictEqual(seen.get(name)?.[step], value) ? '✓' : '✗'))]))
  return [line(['', ...runtimes.map(({ name }) => name)]), line(['---', ...runtimes.map(() => ':-:')]), ...rows].join('')
}

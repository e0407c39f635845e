/**
 * Expressions are judged rightly: however one is written it is the same, and two that are called the same mean the same
 * for every row that is tried.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpressionComparison } from '../../src/schema/compare-expressions.ts'
import type { Place } from '../../src/schema/expression-probe.ts'
import { type LiveSchema, introspect } from '../../src/schema/introspect.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { type Expression, anyCondition, mutate, write } from './any-expression.ts'

const style = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 40 })
const places = fc.constantFrom<Place>({ kind: 'check' }, { kind: 'predicate' })
const rows = [`1, 'x', 1.5`, `0, '', 0`, `2, 'A b', 10`, `10, 'it''s', 0.25`, `null, null, null`, `-1, 'X', -2`, `1, 'y', null`, `null, '10', 2`]

describe.each([['sqljs memory', 250], ['pglite memory', 40]] as const)('expressions on %s', (name, numRuns) => {
  it('are the same however they are written', async () => {
    await using storage = await prepared(name)
    await fc.assert(
      fc.asyncProperty(anyCondition, places, style, style, async (expression, place, one, two) => {
        const live = await withChecks(storage, [written(expression, one), written(expression, two)])
        expect(await comparison(live, storage).compare(place, ...textsOf(live))).toBe('same')
      }),
      { numRuns },
    )
  })

  it('are called the same only when they mean the same', async () => {
    await using storage = await prepared(name)
    let same = 0
    await fc.assert(
      fc.asyncProperty(anyCondition, places, style, async (expression, place, choices) => {
        const other = mutate(expression, stream(choices))
        const live = await withChecks(storage, [written(expression, choices), written(other, choices)])
        const [one, two] = textsOf(live)
        if ((await comparison(live, storage).compare(place, one, two)) !== 'same') return
        same += 1
        const { rows: unlike } = await storage.query({ sql: `select * from probed where (${one}) is distinct from (${two})` })
        expect(unlike).toEqual([])
      }),
      { numRuns },
    )
    expect(same).toBeLessThan(numRuns)
  })
})

async function prepared(name: string): Promise<Storage> {
  const storage = await engineNamed(name).open()
  await storage.query({ sql: 'create table probed (a integer, b varchar(20), n numeric)' })
  for (const row of rows) await storage.query({ sql: `insert into probed values (${row})` })
  return storage
}

/** The table with the two checks, as the engine gives them back. */
async function withChecks(storage: Storage, [one, two]: readonly [string, string]): Promise<LiveSchema> {
  const created = new Error('Seen')
  let live: LiveSchema | undefined
  await storage
    .transaction(async (tx) => {
      await tx.query({ sql: `create table checked (a integer, b varchar(20), n numeric, constraint one check (${one}), constraint two check (${two}))` })
      live = await introspect(tx)
      throw created
    })
    .catch((error: unknown) => {
      if (error !== created) throw error
    })
  if (live === undefined) throw new TypeError('It was read')
  return live
}

function textsOf(live: LiveSchema): readonly [string, string] {
  const checks = live.tables.get('checked')?.checks ?? []
  const [one, two] = ['one', 'two'].map((name) => checks.find((check) => check.name === name)?.expression ?? '')
  return [one ?? '', two ?? '']
}

function comparison(live: LiveSchema, shadow: Storage): ExpressionComparison {
  const table = live.tables.get('checked')
  if (table === undefined) throw new TypeError('It was made')
  return new ExpressionComparison({ from: live, to: live }, { from: table, to: table }, shadow)
}

function written(expression: Expression, choices: readonly number[]): string {
  return write(expression, stream(choices))
}

function stream(choices: readonly number[]): () => number {
  let at = 0
  return () => choices[at++ % choices.length] ?? 0
}

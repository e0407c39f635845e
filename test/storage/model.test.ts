import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Queryable, Transaction } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

/** A program of writes and nested transactions, and what it must leave behind. */
type Step =
  | { readonly kind: 'add'; readonly key: number }
  | { readonly kind: 'remove'; readonly key: number }
  | { readonly kind: 'nest'; readonly steps: readonly Step[]; readonly end: 'commit' | 'throw' | 'violate' }

const { program } = fc.letrec<{ step: Step; program: readonly Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('add' as const), key: fc.nat(6) }),
    fc.record({ kind: fc.constant('remove' as const), key: fc.nat(6) }),
    fc.record({ kind: fc.constant('nest' as const), steps: tie('program'), end: fc.constantFrom('commit' as const, 'commit' as const, 'throw' as const, 'violate' as const) }),
  ),
  program: fc.array(tie('step'), { maxLength: 6 }),
}))

/** The referee: a set, copied for each nested transaction. */
function expected(steps: readonly Step[], before: ReadonlySet<number>): ReadonlySet<number> {
  let kept = new Set(before)
  for (const step of steps) {
    if (step.kind === 'add') kept.add(step.key)
    else if (step.kind === 'remove') kept.delete(step.key)
    else if (step.end === 'commit') kept = new Set(expected(step.steps, kept))
  }
  return kept
}

async function run(on: Queryable & Pick<Transaction, 'transaction'>, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'add') await on.query({ sql: `insert into kept values (${step.key}) on conflict do nothing` })
    else if (step.kind === 'remove') await on.query({ sql: `delete from kept where key = ${step.key}` })
    else {
      const ended = on.transaction(async (tx) => {
        await run(tx, step.steps)
        if (step.end === 'throw') throw new Error('undo')
        if (step.end === 'violate') await tx.query({ sql: 'insert into kept values (99), (99)' })
      })
      if (step.end === 'commit') await ended
      else await expect(ended).rejects.toThrow()
    }
  }
}

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('transactions on %s', (name) => {
  it('leave what a model of them leaves', async () => {
    await using storage = await engineNamed(name).open()
    await storage.query({ sql: 'create table kept (key integer primary key)' })
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        await storage.query({ sql: 'delete from kept' })
        await run(storage, steps)
        const { rows } = await storage.query({ sql: 'select key from kept order by key' })
        expect(rows.map(({ key }) => key)).toEqual([...expected(steps, new Set())].sort((a, b) => Number(a) - Number(b)))
      }),
      { numRuns: name === 'sqljs memory' ? 200 : 30 },
    )
  })
})

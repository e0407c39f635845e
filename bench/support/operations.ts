/** Calls of the library beside the best statements that we could write by hand for the same rows, timed in turn on every engine. */
import type { Dialect } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import type { Figure } from '../figure.ts'
import { comparePair, type MeasureOptions } from '../measure.ts'
import type { BenchAccount, BenchEngine } from './accounts.ts'
import type { HandRow, HandStatement } from './hand-runner.ts'

export interface Operation {
  readonly name: string
  /** Target of the p95, in milliseconds. */
  readonly p95: Readonly<Record<BenchEngine, number>>
  /** At most so many statements, whatever the size. */
  readonly statements: number
  call(tidemark: Tidemark): Promise<unknown>
  /** As many statements as the answer takes. */
  byHand(dialect: Dialect): readonly HandStatement[]
  /** @throws Error when the library and the statements, whose rows these are, disagree */
  check(tidemark: Tidemark, rows: readonly (readonly HandRow[])[]): Promise<void>
}

/** @param same what both have to agree on, as texts: of the library's answer, and of the rows of each statement */
export function operation<Answer>(
  parts: Omit<Operation, 'call' | 'check'> & {
    call(tidemark: Tidemark): Promise<Answer>
    readonly same: { readonly ours: (answer: Answer) => readonly string[]; readonly byHand: (...rows: readonly (readonly HandRow[])[]) => readonly string[] }
  },
): Operation {
  const { same, ...rest } = parts
  return {
    ...rest,
    async check(tidemark, rows) {
      const ours = same.ours(await parts.call(tidemark))
      if (ours.length === 0 || ours.join('\n') !== same.byHand(...rows).join('\n')) throw new Error(`${parts.name}: the library and the hand-written statements disagree`)
    },
  }
}

export interface OperationsBench {
  /** Its folder. */
  readonly name: string
  /** The library over the statement, at most. */
  readonly ratio: number
  readonly operations: readonly Operation[]
}

/** Both. */
export async function measureOperations(bench: OperationsBench, account: BenchAccount, options: MeasureOptions): Promise<readonly Figure[]> {
  return timeOperations(bench, account, options, await countOperations(bench, account))
}

/**
 * Nothing is timed.
 *
 * @throws Error when the library and the statements disagree
 */
export async function countOperations({ name: bench, ratio, operations }: OperationsBench, account: BenchAccount): Promise<readonly Figure[]> {
  const { engine, tidemark } = account
  const figures: Figure[] = []
  for (const { name, p95, statements: most, call, byHand, check } of operations) {
    await check(tidemark, await runByHand(account, byHand(account.storage.dialect)))
    const counted = { counts: await account.count(() => call(tidemark)), work: await account.work(() => call(tidemark)) }
    figures.push({ bench, engine, operation: name, times: null, reference: null, ratio: null, ...counted, limits: { ratio, p95: p95[engine], counts: { statements: most, compiled: 0 } } })
  }
  return figures
}

/** @param counted the figures of these operations on this account; given back with times */
export async function timeOperations({ operations }: OperationsBench, account: BenchAccount, options: MeasureOptions, counted: readonly Figure[]): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const { name, call, byHand } of operations) {
    const statements = byHand(account.storage.dialect)
    const { ours: times, reference, cpuRatio: ratio } = await comparePair(() => call(account.tidemark), () => runByHand(account, statements), options)
    figures.push(...counted.filter(({ operation, engine }) => operation === name && engine === account.engine).map((figure) => ({ ...figure, times, reference, ratio })))
  }
  return figures
}

async function runByHand(account: BenchAccount, statements: readonly HandStatement[]): Promise<readonly (readonly HandRow[])[]> {
  const answers: (readonly HandRow[])[] = []
  for (const statement of statements) answers.push(await account.byHand(statement))
  return answers
}

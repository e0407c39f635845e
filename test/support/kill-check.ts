/** What a database must hold after writers of `kill-writer.ts` were killed: all that they have reported, whole, and at most one commit more each. */
import { expect } from 'vitest'
import { type ExpectedContent, kindOf, summarySql } from './kill-ledger.ts'
import type { KillWriter } from './kill-writer-process.ts'

export interface LedgerRow {
  readonly seq: number
  readonly writer: string
  readonly number: number
  readonly kind: string
}

type Ask = (sql: string) => readonly object[] | Promise<readonly object[]>

export const ledgerSql = (after: number): string => `select seq, writer, number, kind from ledger where seq > ${after} order by seq`

/** Compares everything, and gives the commits that have come since the last look. */
export async function expectContent(ask: Ask, content: ExpectedContent, where: string): Promise<readonly LedgerRow[]> {
  const known = content.last
  const ledger = (await ask(ledgerSql(known))) as readonly LedgerRow[]
  expect(ledger.map(({ seq, kind }) => ({ seq, kind })), where).toEqual(ledger.map((_, index) => ({ seq: known + index + 1, kind: kindOf(known + index + 1) })))
  for (const _ of ledger) content.advance()
  expect(await ask('select count(*) as count from ledger'), where).toEqual([{ count: content.last }])
  expect(await ask(summarySql), where).toEqual(content.batches.filter((batch) => batch.count > 0))
  expect(await ask('select count(*) as count from items'), where).toEqual([{ count: sum(content.batches.map(({ count }) => count)) }])
  return ledger
}

/** Gives how many commits were made without a report: 0 or 1. */
export function expectReported(writer: Pick<KillWriter, 'commits'>, name: string, ledger: readonly LedgerRow[], where: string): number {
  const kept = ledger.filter((row) => row.writer === name)
  expect(kept.map(({ number }) => number), `${where}: commits of ${name}`).toEqual(kept.map((_, at) => at + 1))
  const { commits } = writer
  expect([commits.length, commits.length + 1], `${where}: commits of ${name}`).toContain(kept.length)
  // Reported under this very number.
  expect(kept.slice(0, commits.length).map(({ seq, number }) => ({ seq, number })), where).toEqual(commits.map(({ seq, number }) => ({ seq, number })))
  return kept.length - commits.length
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

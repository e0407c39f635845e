/** Questions to the library and to what else asks an SQLite database, in turn, on the same rows: see README.md beside this file. */
import Table from 'cli-table3'
import { takeTurns, time, type MeasureOptions, type Percentiles } from '../measure.ts'
import type { BenchAccount } from '../support/accounts.ts'
import { openContestants, type Contestant } from './contestants.ts'
import { questions, type Question } from './questions.ts'
import { comparable } from './same-answer.ts'

export interface PeerFigure {
  readonly question: Question
  readonly name: string
  readonly engine: Contestant['engine']
  readonly times: Percentiles
  readonly statements: number
  /** Its median over that of the library. */
  readonly ratio: number
}

/** @throws Error when an answer is not that of the library */
export async function benchPeerQueries(account: BenchAccount, options: MeasureOptions): Promise<readonly PeerFigure[]> {
  await using contestants = await openContestants(account)
  const { all } = contestants
  const figures: PeerFigure[] = []
  for (const question of questions) {
    const answers = new Map<Contestant, string>()
    for (const contestant of all) answers.set(contestant, comparable(question, await contestant.ask(question)).join('\n'))
    const [ours, ...others] = all
    const other = others.find((contestant) => ours !== undefined && answers.get(contestant) !== answers.get(ours))
    if (other !== undefined) throw new Error(`${question}: ${other.name} on ${other.engine} and the library disagree`)
    const sampled = all.map((contestant) => ({ contestant, sample: () => time(() => contestant.ask(question)) }))
    const times = await takeTurns(sampled, options)
    const base = [...times.values()][0]?.p50 ?? Number.NaN
    for (const [{ contestant }, percentiles] of times) {
      figures.push({ question, name: contestant.name, engine: contestant.engine, times: percentiles, statements: await contestant.count(question), ratio: percentiles.p50 / base })
    }
  }
  return figures
}

/** A table for each question. */
export function peerTables(figures: readonly PeerFigure[]): string {
  return questions.map((question) => {
    const table = new Table({ head: ['who', 'engine', 'p50 ms', 'p95 ms', 'statements', '× Tidemark'], colAligns: ['left', 'left', 'right', 'right', 'right', 'right'], style: { head: [], border: [], compact: true } })
    for (const { name, engine, times, statements, ratio } of figures.filter((figure) => figure.question === question)) {
      table.push([name, engine, times.p50.toFixed(2), times.p95.toFixed(2), statements, ratio.toFixed(2)])
    }
    return `${question}\n${table.toString()}`
  }).join('\n\n')
}

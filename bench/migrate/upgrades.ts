/** A long history brought to head, from an empty database and from one that stands there: see README.md beside this file. */
import { deepStrictEqual } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { takeTurns, time } from '../measure.ts'
import type { Databases } from './databases/databases.ts'
import { createHistory, type History } from './history/create-history.ts'
import { participantsOn, type Absence, type Participant } from './participants.ts'
import { figure, type Figure } from './figure.ts'
import type { CommandLine, Transactions } from './tool.ts'
import { stepSql } from './write/sql.ts'

export interface UpgradeFigure extends Figure {
  readonly transactions: Transactions
  readonly revisions: number
  readonly state: 'from empty' | 'at head'
  /** Inside a process that has loaded the revisions and opened the database, or a whole process of the command line. */
  readonly way: 'in process' | 'command line'
}

export interface UpgradeFigures {
  readonly figures: readonly UpgradeFigure[]
  readonly absent: readonly Absence[]
}

export interface HistorySize {
  readonly revisions: number
  /** Of runs from empty; those at head are so short that there are four times as many. */
  readonly samples: number
  /** Whether the command line also runs from empty, which takes long. */
  readonly commandFromEmpty: boolean
}

export async function benchUpgrades(databases: Databases, { revisions, samples, commandFromEmpty }: HistorySize): Promise<UpgradeFigures> {
  await using participants = await participantsOn(databases.dialect)
  const figures: UpgradeFigure[] = []
  const history = createHistory(revisions)
  const runs: Run[] = []
  for (const participant of participants.present) runs.push(await prepare(participant, databases, history))
  await checkEach(runs, databases, history)
  for (const way of ['in process', 'command line'] as const) {
    for (const state of ['from empty', 'at head'] as const) {
      if (state === 'from empty' && way === 'command line' && !commandFromEmpty) continue
      const contestants = runs.map((run) => ({ run, sample: () => run.sample(state, way) }))
      const times = await takeTurns(contestants, { warmUp: 1, samples: state === 'at head' ? samples * 4 : samples })
      for (const [{ run: { participant } }, percentiles] of times) {
        figures.push({ ...figure(participant, databases.dialect, percentiles), transactions: participant.tool.transactions[databases.dialect], revisions, state, way })
      }
    }
  }
  await checkEach(runs, databases, history)
  return { figures, absent: participants.absent }
}

interface Run {
  readonly participant: Participant
  /** The database of the last sample from empty, which the samples at head use. */
  database(): string
  /** Milliseconds. */
  sample(state: UpgradeFigure['state'], way: UpgradeFigure['way']): Promise<number>
}

async function prepare(participant: Participant, databases: Databases, history: History): Promise<Run> {
  const { tool, worker } = participant
  const folder = await participant.folder()
  await tool.write(history.revisions, folder, databases.dialect)
  let database = await databases.fresh()
  const run: Run = {
    participant,
    database: () => database,
    async sample(state, way) {
      if (state === 'from empty') {
        await databases.remove(database)
        database = await databases.fresh()
      }
      if (way === 'in process') return (await worker.ask<{ ms: number }>({ ask: 'upgrade', history: folder, database, ...tool.upgradeOptions })).ms
      const command = await tool.upgradeCommand(folder, database)
      return time(() => runCommand(command, database))
    },
  }
  await run.sample('from empty', 'in process')
  return run
}

/** Whoever made another schema or other rows than plain SQL makes is no contestant. */
async function checkEach(runs: readonly Run[], databases: Databases, { revisions, tables }: History): Promise<void> {
  const reference = await databases.made(revisions.flatMap((revision) => revision.up.map(stepSql)))
  const expected = await databases.read(reference, tables)
  for (const { participant, database } of runs) deepStrictEqual(await databases.read(database(), tables), expected, `${participant.tool.name} made another database`)
  await databases.remove(reference)
}

function runCommand({ file, args, cwd }: CommandLine, database: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, BENCH_DATABASE: database }, stdio: ['ignore', 'ignore', 'pipe'] })
    const errors: string[] = []
    child.stderr.on('data', (data: Buffer) => errors.push(data.toString()))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${file} ${args.join(' ')} ended with code ${code}: ${errors.join('').slice(-2000)}`))))
  })
}

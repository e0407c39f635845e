/** A column of a large SQLite table changed, and what the table has kept afterwards: see README.md in the folder above. */
import { copyFile } from 'node:fs/promises'
import { takeTurns } from '../../measure.ts'
import type { Databases } from '../databases/databases.ts'
import { figure, type Figure } from '../figure.ts'
import { participantsOn, type Absence, type Participant } from '../participants.ts'
import type { RebuildVariant } from '../tool.ts'
import { eventsDatabase, eventsFacts, type EventsChange } from './events.ts'

export interface RebuildFigure extends Figure {
  readonly place: RebuildVariant['place']
  readonly change: EventsChange
  readonly rows: number
  /** What was there before and is not any more; empty: all was kept. */
  readonly lost: readonly string[]
  /** How the tool says it was done, where it says. */
  readonly grade: string | undefined
}

export interface RebuildFigures {
  readonly figures: readonly RebuildFigure[]
  readonly absent: readonly Absence[]
}

export interface RebuildOptions {
  readonly rows: number
  readonly samples: number
}

export async function benchRebuilds(databases: Databases, { rows, samples }: RebuildOptions): Promise<RebuildFigures> {
  await using participants = await participantsOn('sqlite', (tool) => tool.rebuilds !== undefined)
  const figures: RebuildFigure[] = []
  const large = await eventsFixture(databases, rows, false)
  // Of its own, since most tools fail on a table that a view reads.
  const small = await eventsFixture(databases, 1000, true)
  const runs = participants.present.flatMap((participant): RebuildRun[] => (participant.tool.rebuilds ?? []).map((variant) => ({ participant, variant })))
  for (const change of ['type', 'not null'] as const) {
    const outcomes = new Map<RebuildRun, RebuildOutcome>()
    const contestants = runs.map((run) => ({
      run,
      async sample() {
        const outcome = await rebuild(run, databases, large, change)
        outcomes.set(run, outcome)
        return outcome.ms
      },
    }))
    for (const [{ run }, times] of await takeTurns(contestants, { warmUp: 1, samples })) {
      const { grade, lost = [] } = outcomes.get(run) ?? {}
      const underView = await rebuild(run, databases, small, change).then((outcome) => outcome.lost.filter((fact) => fact === 'view'), () => ['fails under a view'])
      figures.push({ ...figure(run.participant, 'sqlite', times, run.variant.label), place: run.variant.place, change, rows, grade, lost: [...lost, ...underView] })
    }
  }
  for (const { file } of [large, small]) await databases.remove(file)
  return { figures, absent: participants.absent }
}

interface RebuildRun {
  readonly participant: Participant
  readonly variant: RebuildVariant
}

interface RebuildOutcome {
  readonly ms: number
  readonly lost: readonly string[]
  readonly grade?: string | undefined
}

interface EventsFixture {
  readonly rows: number
  readonly view: boolean
  /** Copied for every run. */
  readonly file: string
}

async function eventsFixture(databases: Databases, rows: number, view: boolean): Promise<EventsFixture> {
  return { rows, view, file: await databases.made(eventsDatabase(rows, { view })) }
}

/** One run on a database of its own, and what is there afterwards. */
async function rebuild({ participant: { worker }, variant: { place, foreignKeys } }: RebuildRun, databases: Databases, { rows, view, file }: EventsFixture, change: EventsChange): Promise<RebuildOutcome> {
  const facts = eventsFacts(rows, change, { view })
  const database = place === 'file' ? await databases.fresh() : ':memory:'
  if (place === 'file') await copyFile(file, database)
  await worker.ask({ ask: 'open', database, foreignKeys, statements: place === 'file' ? [] : eventsDatabase(rows, { view }) })
  try {
    const { ms, grade } = await worker.ask<{ ms: number; grade?: string }>({ ask: 'change', change })
    // A database in memory is only there inside the process; a file is read by the same reader for everybody.
    const statements = facts.map((fact) => fact.sql)
    const found = place === 'file' ? await databases.values(database, statements) : (await worker.ask<{ values: readonly unknown[] }>({ ask: 'read', statements })).values
    return { ms, grade, lost: facts.filter((fact, position) => found[position] !== fact.expected).map((fact) => fact.name) }
  } finally {
    await worker.ask({ ask: 'close' })
    if (place === 'file') await databases.remove(database)
  }
}

/** A declared schema compared with a database, as far as the source of a revision: see README.md in the folder above. */
import { deepStrictEqual } from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { takeTurns } from '../../measure.ts'
import type { Databases } from '../databases/databases.ts'
import { figure, type Figure } from '../figure.ts'
import type { NeutralTable } from '../history/neutral.ts'
import { participantsOn, type Absence, type Participant } from '../participants.ts'
import { changeSchema, createWideSchema } from './wide-schema.ts'

export interface ComparisonFigure extends Figure {
  readonly tables: number
  /** Tables that are as declared after what was found was applied, of those that were changed. */
  readonly right: number
  readonly changed: number
  /** Operations or statements that the tool finds once more after all was applied: false alarms, or what it did not bring about. */
  readonly foundAgain: number
}

export interface ComparisonFigures {
  readonly figures: readonly ComparisonFigure[]
  readonly absent: readonly Absence[]
}

export interface ComparisonOptions {
  readonly tables: number
  readonly samples: number
}

export async function benchComparisons(databases: Databases, { tables, samples }: ComparisonOptions): Promise<ComparisonFigures> {
  await using participants = await participantsOn(databases.dialect, (tool) => tool.compares?.includes(databases.dialect) ?? false)
  const before = createWideSchema(tables)
  const after = changeSchema(before)
  const contestants: { readonly participant: Participant; readonly database: string; sample(): Promise<number> }[] = []
  for (const participant of participants.present) {
    const database = await databaseWith(before, participant, databases)
    contestants.push({ participant, database, sample: async () => (await compare(participant, database, after.tables)).ms })
  }
  const figures: ComparisonFigure[] = []
  for (const [{ participant, database }, times] of await takeTurns(contestants, { warmUp: 1, samples })) {
    const names = after.tables.map((table) => table.name)
    const expected = await databases.read(await databaseWith(after.tables, participant, databases), names)
    deepStrictEqual(Object.keys(expected).toSorted(), names.toSorted(), `${participant.tool.name} did not make the tables`)
    await participant.worker.ask({ ask: 'apply', database, schema: after.tables })
    const found = await databases.read(database, names)
    const { changes } = await compare(participant, database, after.tables)
    const right = after.changed.filter((name) => isDeepStrictEqual(found[name], expected[name])).length
    figures.push({ ...figure(participant, databases.dialect, times), tables, right, changed: after.changed.length, foundAgain: changes })
  }
  return { figures, absent: participants.absent }
}

/** Made by the tool itself, so that every name and type is spelt as it would spell them. */
async function databaseWith(schema: readonly NeutralTable[], { worker }: Participant, databases: Databases): Promise<string> {
  const database = await databases.fresh()
  await worker.ask({ ask: 'create', database, schema })
  return database
}

function compare({ worker }: Participant, database: string, schema: readonly NeutralTable[]): Promise<{ ms: number; changes: number }> {
  return worker.ask({ ask: 'compare', database, schema })
}

/** What a run did, or would do, for people. */
import { counted } from '../../../src/answers/figures.ts'
import type { DestructiveStep } from '../../../src/migrate/lint/destructive-steps.ts'
import type { MigrationPlan, MigrationResult } from '../../../src/migrate/migration-plan.ts'
import { bullets, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { lossLine } from './losses.ts'
import type { RehearsalReport } from './rehearsal.ts'

interface Common {
  /** What the steps destroy of what was there. */
  readonly losses: readonly DestructiveStep[]
  /** Null where none was asked for. */
  readonly rehearsal: RehearsalReport | null
}

/** `dryRun`: nothing was changed. */
export type RunReport = Common & (({ readonly dryRun: true } & MigrationPlan) | ({ readonly dryRun: false } & MigrationResult))

export function renderRun(terminal: Terminal, report: RunReport): string {
  const { dryRun, from, to, steps, losses } = report
  if (steps.length === 0) return `Nothing to do: the database stands at ${to.join(', ') || 'no revision'}.\n`
  const place = (rows: readonly string[]) => rows.join(', ') || 'an empty database'
  return renderPage([
    `${dryRun ? 'Would go' : 'Went'} from ${place(from)} to ${place(to)} in ${counted(steps.length, 'step')}.\n`,
    report.dryRun ? renderTable(terminal, columns, report.steps) : renderTable(terminal, [...columns, time], report.steps),
    section(terminal, 'Would be refused, since there is no way back', bullets(terminal, steps.flatMap(({ revision, irreversible }) => (irreversible === undefined ? [] : [`${revision}: ${irreversible}`])))),
    section(terminal, dryRun ? 'What would be lost' : 'What was lost', bullets(terminal, losses.map(lossLine))),
  ])
}

const columns: readonly Column<MigrationPlan['steps'][number]>[] = [
  { head: 'Revision', text: (step) => step.revision },
  { head: 'Step', text: (step) => step.direction },
  { head: 'Message', shrinks: true, text: (step) => step.message },
]

const time: Column<MigrationResult['steps'][number]> = { head: 'Time', align: 'right', text: (step) => `${step.durationMs} ms` }

/** What a run did, or would do, for people. */
import { counted } from '../render/figures.ts'
import { bullets, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import type { RunPlan } from './run-plan.ts'

export interface RunReport extends RunPlan {
  readonly dryRun: boolean
}

export function renderRun(terminal: Terminal, { dryRun, from, to, steps }: RunReport): string {
  if (steps.length === 0) return `Nothing to do: the database stands at ${to.join(', ') || 'no revision'}.\n`
  const place = (rows: readonly string[]) => rows.join(', ') || 'an empty database'
  return renderPage([
    `${dryRun ? 'Would go' : 'Went'} from ${place(from)} to ${place(to)} in ${counted(steps.length, 'step')}.\n`,
    renderTable(terminal, dryRun ? columns.slice(0, -1) : columns, steps),
    section(terminal, dryRun ? 'What would be lost' : 'What was lost', bullets(terminal, lossesOf(steps))),
  ])
}

/** Why the steps lose data, each with its revision. */
export function lossesOf(steps: RunPlan['steps']): readonly string[] {
  return steps.flatMap(({ revision, lossy }) => (lossy === undefined ? [] : [`${revision}: ${lossy}`]))
}

const columns: readonly Column<RunPlan['steps'][number]>[] = [
  { head: 'Revision', text: (step) => step.revision },
  { head: 'Step', text: (step) => step.direction },
  { head: 'Message', shrinks: true, text: (step) => step.message },
  { head: 'Time', align: 'right', text: (step) => `${step.durationMs ?? 0} ms` },
]

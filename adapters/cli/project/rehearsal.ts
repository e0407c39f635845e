/** A run tried on a copy of the database first: how long it takes, what becomes of the rows, what lint says. */
import { count, counted } from '../../../src/answers/figures.ts'
import { TidemarkError } from '../../../src/errors.ts'
import type { Finding } from '../../../src/migrate/lint/finding.ts'
import type { DestructiveStep } from '../../../src/migrate/lint/destructive-steps.ts'
import type { Direction } from '../../../src/migrate/migration-plan.ts'
import { rehearse, type Rehearsal } from '../../../src/migrate/rehearse/rehearse.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import type { Invocation } from '../invocation.ts'
import { bullets, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { withProgress } from '../step-progress.ts'
import { lintOf } from './lint-of.ts'
import type { Project } from './project.ts'
import { withShadows } from './shadow-room.ts'

export interface RehearsalReport extends Omit<Rehearsal, 'failure'> {
  readonly findings: readonly Finding[]
}

/** @throws TidemarkError with the code and the reason of what the real run would throw; nothing was changed then */
export async function rehearsed(invocation: Invocation, project: Project, storage: Storage, direction: Direction, targets: readonly string[], ids: readonly string[]): Promise<RehearsalReport> {
  const { revisions, versionTable, historyTable } = project
  const schema = await project.schema()
  const { failure, ...report } = await withProgress(invocation, (show) => withShadows(storage, (shadows) => rehearse({
    storage, revisions, shadows, schema, versionTable, historyTable, direction, target: targets, signal: invocation.io.signal,
    onProgress: ({ phase, what, index, total }) => show({ index, total, what: `on a copy: ${phase} ${what}` }),
  })))
  if (failure !== undefined) {
    throw new TidemarkError(failure.code, 'The rehearsal failed, and nothing was run on the database itself', {
      why: `${failure.what}: ${failure.why}`, next: 'Correct the revision or the data, then rehearse again.', cause: failure, details: failure.details,
    })
  }
  const { findings } = await lintOf(project, ids, { dialect: storage.dialect, live: storage, direction })
  return { ...report, findings }
}

/** What went away on the copy, by revision. */
export function lossesSeen({ steps }: RehearsalReport): readonly DestructiveStep[] {
  return steps.flatMap(({ revision, direction, tables }) => tables.filter(({ lostRows, columns }) => lostRows > 0 || columns.some(({ lostValues }) => lostValues > 0))
    .map((table) => ({ revision, operation: direction, words: `On a copy, of table ${table.table}: ${changeOf(table)}.` })))
}

export function renderRehearsal(terminal: Terminal, { copied, notCopied, steps, findings }: RehearsalReport): string {
  const rows = copied.reduce((sum, table) => sum + table.rows, 0)
  const partial = copied.filter(({ complete }) => !complete).map(({ table }) => table)
  const changes = steps.flatMap(({ revision, tables }) => tables.flatMap((table) => (changeOf(table) === '' ? [] : [`${revision}, ${table.table}: ${changeOf(table)}`])))
  return renderPage([
    `Rehearsed on a copy of ${counted(copied.length, 'table')} with ${counted(rows, 'row')}${partial.length === 0 ? '' : `, in part of ${partial.join(', ')}`}. The database was not touched.\n`,
    renderTable(terminal, columns, steps),
    section(terminal, 'What became of the rows', bullets(terminal, changes)),
    section(terminal, 'Not copied', bullets(terminal, notCopied.map(({ object, why }) => `${object}: ${why}`))),
    section(terminal, 'Lint', bullets(terminal, findings.map(({ severity, rule, operation, why }) => `${severity}, ${rule}: ${operation}: ${why}`))),
  ])
}

/** Empty where nothing happened. */
function changeOf({ rowsBefore, rowsAfter, lostRows, addedRows, changedRows, columns }: Rehearsal['steps'][number]['tables'][number]): string {
  const parts = [
    lostRows === 0 ? '' : `${counted(lostRows, 'row')} gone`,
    addedRows === 0 ? '' : `${counted(addedRows, 'row')} new`,
    changedRows === 0 ? '' : `${counted(changedRows, 'row')} changed`,
    ...columns.map(({ column, lostValues }) => (lostValues === 0 ? '' : `${counted(lostValues, 'value')} of ${column} gone`)),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `${parts.join(', ')} (${count(rowsBefore)} before, ${count(rowsAfter)} after)`
}

const columns: readonly Column<Rehearsal['steps'][number]>[] = [
  { head: 'Revision', text: ({ revision }) => revision },
  { head: 'Step', text: ({ direction }) => direction },
  { head: 'Message', shrinks: true, text: ({ message }) => message },
  { head: 'Time on the copy', align: 'right', text: ({ durationMs }) => `${durationMs} ms` },
]

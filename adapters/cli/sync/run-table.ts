/** The last runs and the one that is going on, for people. */
import { count, minute } from '../../../src/answers/figures.ts'
import type { LeaseHolder } from '../../../src/sync/lease.ts'
import type { SyncRunReport } from '../../../src/sync/status.ts'
import { age } from '../render/figures.ts'
import { bullets } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'

export function renderRunning(terminal: Terminal, running: LeaseHolder | null, now: number): string {
  if (running === null) return ''
  const { runId, holder, acquiredAt, heartbeatAt, done, expected } = running
  const far = expected === 0 ? 'it has just begun' : `${count(done)} of about ${count(expected)} parts are done`
  return bullets(terminal, [
    `${runId === null ? 'A sync' : `Run ${runId}`} by ${holder}, since ${minute(acquiredAt)} UTC: ${far}. It gave a sign of life ${age(secondsSince(heartbeatAt, now))} ago.`,
  ])
}

export function renderRuns(terminal: Terminal, runs: readonly SyncRunReport[]): string {
  return runs.length === 0 ? '' : renderTable(terminal, columns, runs)
}

function secondsSince(instant: string, now: number): number {
  return Math.max(0, (now - Date.parse(instant)) / 1000)
}

const columns: readonly Column<SyncRunReport>[] = [
  { head: 'Run', align: 'right', text: ({ runId }) => String(runId) },
  { head: 'Started (UTC)', text: ({ startedAt }) => minute(startedAt) },
  { head: 'Mode', text: ({ mode }) => mode },
  {
    head: 'Outcome', text: ({ outcome }) => outcome ?? 'running',
    style: ({ outcome }) => (outcome === 'success' || outcome === null ? 'green' : outcome === 'failed' || outcome === 'interrupted' ? 'red' : 'yellow'),
  },
  { head: 'Took', align: 'right', text: ({ startedAt, finishedAt }) => (finishedAt === null ? '–' : age((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)) },
  { head: 'New', align: 'right', text: (run) => count(run.new) },
  { head: 'Changed', align: 'right', text: (run) => count(run.changed) },
  { head: 'Gone', align: 'right', text: (run) => count(run.deleted) },
  { head: 'Unread', align: 'right', text: (run) => count(run.quarantined) },
]

/** The state of a Tidemark for people and tools: what is stored, how fresh it is, and whether the API answers. */
import { sql } from 'kysely'
import { TidemarkError } from './errors.ts'
import type { QueryContext } from './repositories/context.ts'
import { fromOneState } from './repositories/one-state.ts'
import { countUsers } from './repositories/users.ts'
import { readLeaseHolder } from './sync/lease.ts'
import { readQuarantine } from './sync/quarantine.ts'
import { databaseSize } from './storage/database-size.ts'
import type { BreakerStatus } from './testio/breaker.ts'
import type { DiagnosticCheck, Diagnostics } from './tidemark.ts'
import { version } from './version.ts'

export interface DiagnosticSources {
  readonly context: QueryContext
  /** The current revision and whether it is the newest one. */
  revision(): Promise<{ readonly current: string | null; readonly atHead: boolean }>
  /** One cheap request; undefined when no token is configured or nobody wants it. */
  readonly probeApi?: (() => Promise<{ readonly latencyMs: number }>) | undefined
  /** Undefined when reads are local only. */
  readonly breaker?: (() => BreakerStatus) | undefined
}

const dayMs = 86_400_000

/** Never throws for a broken part: that is what its checks are for. */
export async function diagnose(sources: DiagnosticSources): Promise<Diagnostics> {
  const database = await readDatabase(sources).catch(failureOf)
  const sync = await readSync(sources).catch(failureOf)
  const quarantined = await readQuarantine(sources.context).then((entries) => entries.length).catch(failureOf)
  const api = await readApi(sources)
  return {
    version,
    database:
      database instanceof TidemarkError
        ? { engine: sources.context.storage.name, revision: null, atHead: false, sizeBytes: null, counts: { products: 0, tests: 0, bugs: 0, features: 0, users: 0 } }
        : database,
    api,
    sync: sync instanceof TidemarkError ? { lastSuccessAt: null, lastRun: null, successRate24h: null, breaker: sources.breaker?.() ?? null } : sync,
    checks: [checkDatabase(database), checkRevision(database), checkApi(sources, api), checkSync(sync), ...checkQuarantine(quarantined)],
  }
}

type DatabaseState = Diagnostics['database']
type SyncState = Diagnostics['sync']

/** Writes nothing. */
export async function readDatabase({ context, revision }: Pick<DiagnosticSources, 'context' | 'revision'>): Promise<DatabaseState> {
  const { current, atHead } = await revision()
  const count = (table: string) => sql`(select count(*) from ${sql.table(table)} where customer_id = ${context.customerId} and deleted_at is null)`
  const { rows } = await sql<DatabaseState['counts'] & { readonly size_bytes: number }>`
    select ${databaseSize(context.storage.dialect)} as size_bytes, ${count('products')} as products, ${count('tests')} as tests,
      ${count('bugs')} as bugs, ${count('features')} as features, ${countUsers(context)} as users`.execute(context.db)
  const row = rows[0]
  if (row === undefined) throw new TypeError('a statement without a from clause gave no row')
  const { size_bytes: sizeBytes, ...counts } = row
  return { engine: context.storage.name, revision: current, atHead, sizeBytes, counts }
}

/** Writes nothing. */
export async function readSync({ context, breaker }: Pick<DiagnosticSources, 'context' | 'breaker'>): Promise<SyncState> {
  return { ...(await fromOneState(context, readRuns)), breaker: breaker?.() ?? null }
}

async function readRuns(context: QueryContext): Promise<Omit<SyncState, 'breaker'>> {
  const { customerId, db } = context
  const runs = await db
    .selectFrom('sync_runs')
    .select(['id', 'outcome', 'started_at', 'finished_at'])
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  const recent = await db
    .selectFrom('sync_runs')
    .select(['outcome', (eb) => eb.fn.countAll<number>().as('count')])
    .where('customer_id', '=', customerId)
    .where('finished_at', '>=', new Date(context.now() - dayMs).toISOString())
    .groupBy('outcome')
    .execute()
  const lastSuccess = await db
    .selectFrom('sync_runs')
    .select('finished_at')
    .where('customer_id', '=', customerId)
    .where('outcome', '=', 'success')
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  const finished = recent.reduce((sum, row) => sum + row.count, 0)
  const succeeded = recent.find((row) => row.outcome === 'success')?.count ?? 0
  const run = runs[0]
  // Of a program that was killed, whether or not anybody has closed it.
  const isOrphan = run !== undefined && run.outcome === null && (await readLeaseHolder(context))?.runId !== run.id
  return {
    lastSuccessAt: lastSuccess[0]?.finished_at ?? null,
    lastRun: run === undefined ? null : { id: run.id, outcome: isOrphan ? 'interrupted' : run.outcome, startedAt: run.started_at, finishedAt: run.finished_at },
    successRate24h: finished === 0 ? null : succeeded / finished,
  }
}

async function readApi({ probeApi }: DiagnosticSources): Promise<Diagnostics['api']> {
  if (probeApi === undefined) return { reachable: null, latencyMs: null, error: null }
  try {
    const { latencyMs } = await probeApi()
    return { reachable: true, latencyMs, error: null }
  } catch (error) {
    const failure = failureOf(error)
    return { reachable: false, latencyMs: null, error: `${failure.code}: ${failure.why}` }
  }
}

function checkDatabase(database: DatabaseState | TidemarkError): DiagnosticCheck {
  // The code only: the reason may name a file, and this goes to clients far away.
  if (database instanceof TidemarkError) return { name: 'database', ok: false, detail: `Cannot be read (${database.code}).`, fix: database.next }
  const { products, tests, bugs } = database.counts
  return { name: 'database', ok: true, detail: `${products} products, ${tests} tests, ${bugs} bugs`, fix: null }
}

function checkRevision(database: DatabaseState | TidemarkError): DiagnosticCheck {
  if (database instanceof TidemarkError || !database.atHead) {
    return { name: 'revision', ok: false, detail: 'The database is not at the newest revision.', fix: 'Run "tidemark migrate upgrade".' }
  }
  return { name: 'revision', ok: true, detail: `At head (${database.revision ?? 'none'})`, fix: null }
}

function checkApi(sources: DiagnosticSources, api: Diagnostics['api']): DiagnosticCheck {
  const breaker = sources.breaker?.()
  if (breaker === undefined) {
    return { name: 'api', ok: true, detail: 'No token is configured: local reads only.', fix: null }
  }
  if (breaker.state === 'open') {
    return {
      name: 'api', ok: false, detail: `${breaker.failures} reads failed in a row; it is asked again from ${breaker.openUntil} on.`,
      fix: 'Wait; it closes by itself when the API answers again.',
    }
  }
  if (api.reachable === null) return { name: 'api', ok: true, detail: 'Not asked.', fix: null }
  if (api.reachable) return { name: 'api', ok: true, detail: `Answers in ${Math.round(api.latencyMs ?? 0)} ms`, fix: null }
  return { name: 'api', ok: false, detail: api.error ?? 'Not reachable', fix: 'Check the token (TESTIO_API_TOKEN), the address (TESTIO_API_BASE_URL) and the network.' }
}

function checkSync(sync: SyncState | TidemarkError): DiagnosticCheck {
  if (sync instanceof TidemarkError) return { name: 'sync', ok: false, detail: `Cannot be read (${sync.code}).`, fix: sync.next }
  if (sync.lastRun === null) return { name: 'sync', ok: false, detail: 'Never synced.', fix: 'Run "tidemark sync".' }
  if (sync.lastRun.outcome === 'success' || sync.lastRun.outcome === null) {
    return { name: 'sync', ok: true, detail: sync.lastRun.outcome === null ? 'A sync is running.' : `Last run succeeded (run ${sync.lastRun.id})`, fix: null }
  }
  return { name: 'sync', ok: false, detail: `Run ${sync.lastRun.id} ended as ${sync.lastRun.outcome}.`, fix: 'Run "tidemark sync" again; it goes on with what is missing.' }
}

/** A quarantine that nobody needs is no check. */
function checkQuarantine(quarantined: number | TidemarkError): readonly DiagnosticCheck[] {
  if (typeof quarantined !== 'number' || quarantined === 0) return []
  return [{
    name: 'quarantine', ok: false, detail: `${quarantined} ${quarantined === 1 ? 'record' : 'records'} cannot be read.`,
    fix: 'They are tried again by themselves. "tidemark quarantine list" (get_quarantine) names them.',
  }]
}

function failureOf(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error
  return new TidemarkError('internal', 'Cannot read the state', { why: 'An unexpected error came up.', next: 'Run it again with the log level "debug".', cause: error })
}

/** How the syncs went: the last run, whoever syncs now, the streams that need a look, the records that cannot be read. Writes nothing. */
import { minute } from '../answers/figures.ts'
import { readSync } from '../diagnostics.ts'
import type { QueryContext } from '../repositories/context.ts'
import { readLeaseHolder } from '../sync/lease.ts'
import { readQuarantine } from '../sync/quarantine.ts'
import { readStreams, type StreamReport } from '../sync/status.ts'
import { check, found, type Finding } from './finding.ts'

const lastRun = check('sync', 'last_run')
const lease = check('sync', 'lease')
const streams = check('sync', 'streams')
const age = check('sync', 'age')
const quarantine = check('sync', 'quarantine')

const goOn = 'Run "tidemark sync"; it goes on with what is missing.'

export async function checkSync(context: QueryContext): Promise<readonly Finding[]> {
  return [
    await found((error) => lastRun.broken('The last sync cannot be told', error), () => checkLastRun(context)),
    await found((error) => lease.broken('Who syncs cannot be told', error), () => checkLease(context)),
    ...(await checkReports(context)),
    await found((error) => quarantine.broken('The quarantine cannot be read', error), () => checkQuarantine(context)),
  ]
}

async function checkReports(context: QueryContext): Promise<readonly Finding[]> {
  try {
    const reports = await readStreams(context)
    // Before the first sync there is none, which the last run says.
    return reports.length === 0 ? [] : [checkStreams(reports, context.now()), checkAge(reports, context)]
  } catch (error) {
    return [streams.broken('The streams cannot be read', error)]
  }
}

async function checkLastRun(context: QueryContext): Promise<Finding> {
  const { lastRun: run, lastSuccessAt, successRate24h } = await readSync({ context })
  if (run === null) return lastRun.warning('Never synced', 'The copy of this customer is empty.', 'Run "tidemark sync".')
  const rate = successRate24h === null ? '' : `; ${Math.round(successRate24h * 100)} % of the runs of the last 24 hours succeeded`
  const success = lastSuccessAt === null ? 'No run has succeeded so far' : `The last success was at ${minute(lastSuccessAt)} UTC`
  switch (run.outcome) {
    case null:
      return lastRun.ok(`Run ${run.id} is going on, since ${minute(run.startedAt)} UTC${rate}`)
    case 'success':
      return lastRun.ok(`Run ${run.id} succeeded at ${minute(run.finishedAt ?? run.startedAt)} UTC${rate}`)
    case 'failed':
      return lastRun.failed(`Run ${run.id} failed`, `${success}${rate}.`, 'See "tidemark status" for what failed, then run "tidemark sync" again.')
    case 'interrupted':
      return lastRun.warning(`Run ${run.id} was interrupted`, `Its program ended before the run did. ${success}${rate}.`, goOn)
    default:
      return lastRun.warning(`Run ${run.id} ended as ${run.outcome}`, `Some of what it should have read was not read. ${success}${rate}.`, `See "tidemark status" for what is missing. ${goOn}`)
  }
}

async function checkLease(context: QueryContext): Promise<Finding> {
  const holder = await readLeaseHolder(context)
  if (holder === undefined) return lease.ok('Nobody syncs at the moment')
  return lease.ok(`Synced at the moment by ${holder.holder}, since ${minute(holder.acquiredAt)} UTC, last sign of life ${minute(holder.heartbeatAt)} UTC`)
}

function checkStreams(reports: readonly StreamReport[], now: number): Finding {
  const failing = reports.filter(({ lastErrorCode }) => lastErrorCode !== null)
  const never = reports.filter(({ lastSuccessAt }) => lastSuccessAt === null)
  const troubled = new Set([...failing, ...never])
  if (troubled.size === 0) return streams.ok(`All ${reports.length} streams were read completely`)
  const waiting = failing.map(({ nextAttemptAt }) => nextAttemptAt).filter((at) => at !== null).filter((at) => Date.parse(at) > now).toSorted()
  const codes = [...new Set(failing.map(({ lastErrorCode }) => lastErrorCode ?? ''))].toSorted()
  const why = [
    ...(failing.length === 0 ? [] : [`The last attempt failed for ${failing.length} of them (${codes.join(', ')}).`]),
    ...(never.length === 0 ? [] : [`${never.length} of them were never read completely.`]),
    ...(waiting[0] === undefined ? [] : [`${waiting.length} of them wait before they are tried by themselves, until ${minute(waiting[0])} UTC the first.`]),
  ]
  const examples = [...troubled].slice(0, 3).map(({ stream, productId }) => (productId === null ? stream : `${stream} of product ${productId}`)).join(', ')
  return streams.warning(
    `${troubled.size} of ${reports.length} streams are not in order: ${examples}${troubled.size > 3 ? ', …' : ''}`, why.join(' '),
    'See "tidemark status" for each of them. "tidemark sync" tries them now.',
  )
}

/** The age is that of the oldest, as in the answers. */
function checkAge(reports: readonly StreamReport[], { now, refreshSeconds }: QueryContext): Finding {
  const read = reports.map(({ lastSuccessAt }) => lastSuccessAt).filter((at) => at !== null).toSorted()
  const [oldest] = read
  if (oldest === undefined) return age.skipped('How old the copy is cannot be told', 'No stream was ever read completely.')
  const stale = read.filter((at) => now() - Date.parse(at) > refreshSeconds * 1000)
  if (stale.length === 0) return age.ok(`The copy is as of ${minute(oldest)} UTC`)
  return age.warning(
    `${stale.length} of ${reports.length} streams are stale, the oldest as of ${minute(oldest)} UTC`, `They are older than ${refreshSeconds} seconds (refreshSeconds).`,
    'Run "tidemark sync"; a running "tidemark serve" does it by itself.',
  )
}

async function checkQuarantine(context: QueryContext): Promise<Finding> {
  const entries = await readQuarantine(context)
  if (entries.length === 0) return quarantine.ok('No record is in quarantine')
  const since = entries.map(({ firstSeenAt }) => firstSeenAt).toSorted()[0] ?? ''
  const next = entries.map(({ nextRetryAt }) => nextRetryAt).toSorted()[0] ?? ''
  return quarantine.warning(
    `${entries.length} ${entries.length === 1 ? 'record is' : 'records are'} in quarantine`, `The API does not give them, or in a form that cannot be read, the first since ${minute(since)} UTC.`,
    `See "tidemark quarantine list". The first sync after ${minute(next)} UTC looks for them again.`,
  )
}

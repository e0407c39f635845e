/** `sync_data`: brings the local copy up to date, in the call or beside it. */
import * as v from 'valibot'
import { syncModes, type SyncOptions, type SyncProgress, type SyncResult } from '../../../src/sync/types.ts'
import type { Logger } from '../../../src/tidemark.ts'
import { withinScope } from '../../node/sync-scope.ts'
import { answerNotes, ids, optionalText, optionalWhole, whole, word } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { cutRows, stepsByInterest, syncOutcome, syncStep } from '../sync-parts.ts'
import { tool, type ToolCall } from '../tool.ts'

export const syncData = tool({
  name: 'sync_data',
  title: 'Sync with TestIO',
  description:
    'Fetches what is new from TestIO into the local copy; can take minutes. Use it when freshness says stale or incomplete and the '
    + 'question needs current data. Outcomes partial and failed leave older data in place, steps say which and why. With wait false it '
    + 'goes on by itself: follow it with get_sync_status and the run_id.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: v.strictObject({
    product_ids: ids('Only these; default all'),
    mode: v.optional(
      v.pipe(
        v.picklist(syncModes),
        v.description('hybrid: what is new or can change; incremental: what is new; force: everything again; rebuild: a fresh copy, all products'),
      ),
      'hybrid',
    ),
    since: word('Leaves tests alone that ended before, e.g. "30 days ago"'),
    wait: v.optional(v.pipe(v.boolean(), v.description('false: answer at once')), true),
  }),
  output: v.strictObject({
    run_id: optionalWhole,
    mode: v.string(),
    outcome: v.pipe(v.nullable(syncOutcome), v.description('null: still running')),
    started_at: optionalText,
    finished_at: optionalText,
    requests: v.optional(whole),
    new: v.optional(whole),
    changed: v.optional(whole),
    unchanged: v.optional(whole),
    deleted: v.optional(whole),
    quarantined: v.optional(whole),
    steps: v.array(syncStep),
    ...answerNotes,
  }),
  async run({ product_ids, mode, since, wait }, call) {
    const { environment, progress, signal, tidemark } = call
    const options = withinScope({ mode, products: product_ids, since }, environment.syncScope)
    if (!wait) return startBeside(options, call)
    const onProgress = progress && ((at: SyncProgress) => progress(at.done, at.total, describe(at)))
    return answerOf(await environment.syncRuns.run((either) => tidemark.sync({ ...options, signal: either, onProgress }), signal))
  },
})

function answerOf(result: SyncResult) {
  const { steps, ...frame } = snakeCased(result)
  const { rows, notes } = cutRows(stepsByInterest(steps), (some) => ({ ...frame, steps: some }), (left) => `${left} steps in which nothing went wrong were left out: see get_sync_status.`)
  return { ...frame, steps: rows, ...notes }
}

/** Answers when the run has its number, or when it could not begin. */
async function startBeside(options: SyncOptions, { environment, tidemark }: ToolCall) {
  const begun = await new Promise<Pick<SyncResult, 'runId' | 'startedAt'>>((resolve, reject) => {
    const run = environment.syncRuns.run((signal) => tidemark.sync({ ...options, signal, onStart: resolve }))
    run.then(resolve, reject)
    void logEnd(run, environment.logger)
  })
  return {
    run_id: begun.runId,
    mode: options.mode ?? 'hybrid',
    outcome: null,
    started_at: begun.startedAt,
    finished_at: null,
    steps: [],
    hint: 'It goes on by itself: get_sync_status with this run_id has an outcome when it has ended.',
  }
}

/** Nobody may be there any more to be told. */
async function logEnd(run: Promise<SyncResult>, logger: Logger): Promise<void> {
  try {
    const { runId, outcome } = await run
    logger[outcome === 'success' ? 'info' : 'warn'](`The background sync (run ${runId}) ended as ${outcome}`)
  } catch (error) {
    logger.error(`The background sync failed: ${error instanceof Error ? error.message : typeof error}`)
  }
}

function describe({ stream, productId, newCount, changedCount, deletedCount }: SyncProgress): string {
  const what = productId === null ? stream : `${stream} of product ${productId}`
  return `${what}: ${newCount} new, ${changedCount} changed${deletedCount === 0 ? '' : `, ${deletedCount} gone`} so far`
}

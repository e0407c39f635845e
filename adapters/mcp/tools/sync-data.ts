/** `sync_data`: brings the local copy up to date, in the call or beside it. */
import * as v from 'valibot'
import type { SyncOptions, SyncProgress, SyncResult } from '../../../src/sync/types.ts'
import type { Logger } from '../../../src/tidemark.ts'
import { answerNotes, ids, optionalText, optionalWhole, whole, word } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { tool, type ToolCall } from '../tool.ts'

const outcome = v.picklist(['success', 'partial', 'failed', 'cancelled', 'interrupted'])

export const syncData = tool({
  name: 'sync_data',
  title: 'Sync with TestIO',
  description:
    'Fetches what is new from TestIO into the local copy. Use it when freshness says stale or incomplete and the question needs current data; '
    + 'it can take minutes. Look at outcome: partial and failed leave older data in place, steps say which. '
    + 'With wait false it goes on by itself: see sync.last_run of get_server_diagnostics.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: v.strictObject({
    product_ids: ids('Only these; default all'),
    mode: v.optional(v.pipe(v.picklist(['hybrid', 'force']), v.description('force reads all bugs again')), 'hybrid'),
    since: word('Leaves tests alone that ended before, e.g. "30 days ago"'),
    wait: v.optional(v.pipe(v.boolean(), v.description('false: answer at once')), true),
  }),
  output: v.strictObject({
    run_id: optionalWhole,
    mode: v.string(),
    outcome: v.pipe(v.nullable(outcome), v.description('null: still running')),
    started_at: optionalText,
    finished_at: optionalText,
    requests: v.optional(whole),
    new: v.optional(whole),
    changed: v.optional(whole),
    unchanged: v.optional(whole),
    deleted: v.optional(whole),
    quarantined: v.optional(whole),
    steps: v.array(
      v.strictObject({
        product_id: optionalWhole,
        stream: v.string(),
        outcome,
        new: whole,
        changed: whole,
        unchanged: whole,
        deleted: whole,
        quarantined: whole,
        requests: whole,
        error: v.nullable(v.strictObject({ code: v.string(), message: v.string() })),
      }),
    ),
    ...answerNotes,
  }),
  async run({ product_ids, mode, since, wait }, call) {
    const options = { mode, products: product_ids, since }
    if (!wait) return startBeside(options, call)
    const { environment, progress, signal, tidemark } = call
    const onProgress = progress && ((at: SyncProgress) => progress(at.done, at.total, describe(at)))
    return snakeCased(await environment.syncRuns.run((either) => tidemark.sync({ ...options, signal: either, onProgress }), signal))
  },
})

/** Answers when the sync is at work, or when it ended before that. */
async function startBeside(options: SyncOptions & Pick<SyncResult, 'mode'>, { environment, tidemark }: ToolCall) {
  const ended = await new Promise<SyncResult | undefined>((resolve, reject) => {
    const onProgress = (): void => resolve(undefined)
    const run = environment.syncRuns.run((signal) => tidemark.sync({ ...options, signal, onProgress }))
    run.then(resolve, reject)
    void logEnd(run, environment.logger)
  })
  if (ended !== undefined) return snakeCased(ended)
  const { sync } = await tidemark.diagnostics({ probeApi: false })
  return {
    run_id: sync.lastRun?.id ?? null,
    mode: options.mode,
    outcome: null,
    started_at: sync.lastRun?.startedAt ?? null,
    finished_at: null,
    steps: [],
    hint: 'It goes on by itself: sync.last_run of get_server_diagnostics gets an outcome when it has ended.',
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

function describe({ stream, productId, newCount, changedCount }: SyncProgress): string {
  const what = productId === null ? stream : `${stream} of product ${productId}`
  return `${what}: ${newCount} new, ${changedCount} changed so far`
}

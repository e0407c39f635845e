/** `get_sync_status`: what a sync is doing or has done, and how far each stream of the copy can be trusted. */
import * as v from 'valibot'
import { compareByCodePoint } from '../../../src/storage/collation.ts'
import type { StreamReport } from '../../../src/sync/status.ts'
import { answerNotes, ids, idArgument, optionalText, optionalWhole, whole } from '../schema-parts.ts'
import { snakeCased, type SnakeCased } from '../snake-cased.ts'
import { cutRows, stepsByInterest, syncCounts, syncOutcome, syncStep, syncStream } from '../sync-parts.ts'
import { localRead, tool } from '../tool.ts'

type Stream = SnakeCased<StreamReport>

export const getSyncStatus = tool({
  name: 'get_sync_status',
  title: 'Sync status',
  description:
    'The sync that is going on, the last ten runs, and how far each stream of each product can be trusted: as of last_success_at '
    + '(null: never complete), from complete_from on (null: all). Use it when an answer is stale or incomplete, or to follow a '
    + 'sync_data by its run_id: outcome null still runs.',
  hints: localRead,
  input: v.strictObject({
    run_id: v.optional(v.pipe(idArgument, v.description('One run with its steps'))),
    product_ids: ids('Streams and steps of these only'),
  }),
  output: v.strictObject({
    running: v.nullable(
      v.strictObject({ run_id: optionalWhole, holder: v.string(), acquired_at: v.string(), heartbeat_at: v.string(), done: whole, expected: whole }),
    ),
    runs: v.pipe(v.array(
      v.strictObject({
        run_id: whole,
        mode: v.string(),
        outcome: v.nullable(syncOutcome),
        products: v.nullable(v.array(whole)),
        since: optionalText,
        holder: optionalText,
        started_at: v.string(),
        finished_at: optionalText,
        heartbeat_at: optionalText,
        done: whole,
        expected: whole,
        ...syncCounts,
        error_code: optionalText,
      }),
    ), v.description('As sync_data; done of expected, holder, heartbeat_at')),
    steps: v.pipe(v.optional(v.array(syncStep)), v.description('As in sync_data')),
    streams: v.array(
      v.strictObject({
        product_id: optionalWhole,
        stream: syncStream,
        last_success_at: optionalText,
        complete_from: optionalText,
        proven_at: optionalText,
        full_read_at: optionalText,
        last_attempt_at: optionalText,
        last_error_code: optionalText,
        failures: whole,
        next_attempt_at: optionalText,
        quarantined: whole,
      }),
    ),
    ...answerNotes,
  }),
  async run({ run_id, product_ids }, { tidemark }) {
    const isAsked = ({ product_id }: { readonly product_id: number | null }): boolean => product_ids === undefined || (product_id !== null && product_ids.includes(product_id))
    const status = snakeCased(await tidemark.syncStatus(run_id))
    const allSteps = stepsByInterest(status.runs.flatMap(({ steps = [] }) => steps).filter(isAsked))
    const frame = { running: status.running, runs: status.runs.map(({ steps: _steps, ...run }) => run) }
    const more = (left: number): string => `${left} rows were left out, those without trouble first: name product_ids for the rest.`
    const stepped = run_id === undefined ? undefined : cutRows(allSteps, (steps) => ({ ...frame, steps, streams: [] }), more)
    const answer = { ...frame, ...(stepped === undefined ? {} : { steps: stepped.rows }) }
    const { rows: streams, notes } = cutRows(byTrouble(status.streams.filter(isAsked)), (some) => ({ ...answer, streams: some }), more)
    return { ...answer, streams, ...stepped?.notes, ...notes }
  },
})

/** Those that something speaks against first, then the oldest. */
function byTrouble(streams: readonly Stream[]): Stream[] {
  const rank = ({ last_success_at, last_error_code, quarantined }: Stream): string =>
    `${last_success_at === null || last_error_code !== null || quarantined > 0 ? 0 : 1} ${last_success_at ?? ''}`
  const ranks = new Map(streams.map((stream) => [stream, rank(stream)]))
  return streams.toSorted((a, b) => compareByCodePoint(ranks.get(a) ?? '', ranks.get(b) ?? ''))
}

/** How much work a run is going to be, before it knows: what the last run of its kind took. */
import type { SyncRun } from './run.ts'

export async function expectAsBefore({ context, options, progress }: SyncRun, productIds: readonly number[]): Promise<void> {
  const { db, customerId } = context
  const last = db
    .selectFrom('sync_runs')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('customer_id', '=', customerId)
    .where('mode', '=', options.mode)
    .where('outcome', 'in', ['success', 'partial'])
  const steps = await db
    .selectFrom('sync_run_steps')
    .select(['product_id', 'stream', 'request_count'])
    .where('customer_id', '=', customerId)
    .where('run_id', '=', last)
    .execute()
  const requests = new Map(steps.map((step) => [`${step.product_id} ${step.stream}`, step.request_count]))
  for (const id of productIds) {
    for (const stream of ['features', 'tests', 'bugs'] as const) progress.expect(stream, id, requests.get(`${id} ${stream}`))
  }
}

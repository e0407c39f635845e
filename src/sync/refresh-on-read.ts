/** Queries that may read the tests behind their answers again: they ask first, to know whose, and once more where some were read. */
import * as v from 'valibot'
import type { QueryContext } from '../repositories/context.ts'
import { parseOptions } from '../repositories/options.ts'
import type { EntityQueries, RefreshableQueries, RefreshRequest } from '../tidemark.ts'
import type { Refresher } from './refresh.ts'

const RefreshSchema = v.strictObject({
  maxAgeSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
  budgetMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60_000)), 2_000),
})

/** @param refresher undefined without a token: everything is given as it is */
export function refreshable<Item, Options extends object, Summary extends Item>(
  context: QueryContext, refresher: Refresher | undefined, plain: EntityQueries<Item, Options, Summary>, testOf: (item: Item) => number,
): RefreshableQueries<Item, Options, Summary> {
  async function fresh<Answer>(request: RefreshRequest | undefined, ask: () => Promise<Answer>, itemsOf: (answer: Answer) => readonly Item[]): Promise<Answer> {
    if (request === undefined) return ask()
    const { maxAgeSeconds = context.refreshSeconds, budgetMs } = parseOptions('refresh', RefreshSchema, request)
    const answer = await ask()
    const isRead = await refresher?.refresh(itemsOf(answer).map(testOf), { maxAgeSeconds, budgetMs })
    return isRead === true ? ask() : answer
  }
  return {
    list(options) {
      const { refresh, ...others }: { readonly refresh?: RefreshRequest | undefined } = options ?? {}
      // What is left of them are the options of the plain list.
      return fresh(refresh, () => plain.list(others as Options), (answer) => answer.items)
    },
    summary: (id, { refresh } = {}) => fresh(refresh, () => plain.summary(id), (summary) => [summary]),
  }
}

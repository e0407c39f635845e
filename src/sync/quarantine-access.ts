/** The quarantine for people and tools: what stands there, a try at once, and a way to forget it. */
import * as v from 'valibot'
import type { QueryContext } from '../repositories/context.ts'
import { option, parseOptions } from '../repositories/options.ts'
import { clearQuarantine, readQuarantine, type QuarantineEntry } from './quarantine.ts'
import type { ResolvedSyncOptions, SyncOptions, SyncResult } from './types.ts'
import { underLease } from './under-lease.ts'

/** Which of them is meant. */
export interface QuarantineScope {
  /** Default all. */
  readonly productIds?: readonly number[] | undefined
}

/** The records that the API does not give in a form that can be read. */
export interface Quarantine {
  /** By product, stream and key. */
  list(scope?: QuarantineScope): Promise<readonly QuarantineEntry[]>
  /**
   * Tries now what stands there, as a sync of its products; null where nothing does.
   *
   * @throws TidemarkError as `sync`
   */
  retry(options?: QuarantineScope & Pick<SyncOptions, 'signal' | 'onProgress'>): Promise<SyncResult | null>
  /**
   * Forgets it, and gives how much that was. What cannot be read is not complete for that: the next sync looks for it again.
   *
   * @throws TidemarkError `sync_running`
   */
  clear(scope?: QuarantineScope): Promise<number>
}

const ScopeSchema = v.object({ productIds: option.ids })

/** @param sync runs a sync; see `runSync` */
export function createQuarantine(context: QueryContext, holder: string, sync: (options: ResolvedSyncOptions) => Promise<SyncResult>): Quarantine {
  return {
    list: async (scope = {}) => readQuarantine(context, parseOptions('list the quarantine', ScopeSchema, scope).productIds),

    async retry({ signal, onProgress, ...scope } = {}) {
      const entries = await readQuarantine(context, parseOptions('retry what is in quarantine', ScopeSchema, scope).productIds)
      if (entries.length === 0) return null
      const products = [...new Set(entries.flatMap(({ productId }) => (productId === null ? [] : [productId])))]
      return sync({ mode: 'hybrid', products, since: null, dryRun: false, retryQuarantine: true, signal, onProgress })
    },

    async clear(scope = {}) {
      const { productIds } = parseOptions('clear the quarantine', ScopeSchema, scope)
      return underLease(context, holder, (writer) => writer.write((target) => clearQuarantine(target, productIds)))
    },
  }
}

/** How the configuration limits what a sync covers when it is not told. */
import { TidemarkError } from '../../src/errors.ts'
import type { SyncOptions } from '../../src/sync/types.ts'
import type { Configuration } from './config.ts'

export interface SyncScope {
  readonly products?: readonly number[] | undefined
  /** A time phrase. */
  readonly since?: string | undefined
}

export function syncScopeOf({ productIds, since }: Pick<Configuration, 'productIds' | 'since'>): SyncScope {
  return { products: productIds, since }
}

/**
 * The options, with the limits of the configuration where they name none of their own.
 *
 * @throws TidemarkError `argument_invalid` for a rebuild that the configuration limits
 */
export function withinScope(options: SyncOptions, scope: SyncScope): SyncOptions {
  const isRebuild = options.mode === 'rebuild' && options.products === undefined && options.since === undefined
  if (isRebuild && (scope.products !== undefined || scope.since !== undefined)) throw wouldLoseScope()
  return { ...options, products: options.products ?? scope.products, since: options.since ?? scope.since }
}

/** The library refuses it, too, but cannot know that the caller did not ask for the limits. */
function wouldLoseScope(): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot rebuild the copy', {
    why: 'A rebuild reads the whole account, and the configuration limits a sync (TIDEMARK_PRODUCT_IDS, TIDEMARK_SYNC_SINCE or the configuration file).',
    next: 'Use mode "force", or take the limits away if the copy is to hold everything.',
  })
}

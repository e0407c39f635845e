/** What a sync says of itself while it goes on: where it is and what it has found. */
import { count } from '../../../src/answers/figures.ts'
import type { SyncProgress, SyncStream } from '../../../src/sync/types.ts'

/** How streams are called. */
export const streamWords: Readonly<Record<SyncStream, string>> = {
  products: 'products',
  reject_reasons: 'reject reasons',
  features: 'features',
  tests: 'tests',
  bugs: 'bugs',
}

/** `1,204 new, 3 changed, 1 gone`, without what is none. */
export function findings({ newCount, changedCount, deletedCount }: Pick<SyncProgress, 'newCount' | 'changedCount' | 'deletedCount'>): string {
  const parts = [[newCount, 'new'], [changedCount, 'changed'], [deletedCount, 'gone']] as const
  return parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`).join(', ') || 'nothing new'
}

/** `bugs of Webshop` */
export function place({ stream, productId }: Pick<SyncProgress, 'stream' | 'productId'>, titleOf: (productId: number) => string): string {
  return productId === null ? streamWords[stream] : `${streamWords[stream]} of ${titleOf(productId)}`
}

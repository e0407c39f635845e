/** Streams of products in words: `Tests of Webshop (598); features and bugs of 12 products (598, 599, 601, …)`. */
import { counted } from '../../../src/answers/figures.ts'
import { listed } from '../../../src/answers/listed.ts'
import type { SyncStream } from '../../../src/sync/types.ts'
import type { ProductNames } from './product-names.ts'
import { streamWords } from './progress-text.ts'

export interface Place {
  readonly productId: number | null
  readonly stream: SyncStream
}

const mostNamed = 3

/** With a capital at the beginning. */
export function places(all: readonly Place[], names: ProductNames): string {
  const streamsByProducts = new Map<string, string[]>()
  for (const stream of new Set(all.map((place) => place.stream))) {
    const products = productsOf(all.filter((place) => place.stream === stream), names)
    streamsByProducts.set(products, [...(streamsByProducts.get(products) ?? []), streamWords[stream]])
  }
  const text = [...streamsByProducts].map(([products, streams]) => `${listed(streams)}${products}`).join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function productsOf(all: readonly Place[], names: ProductNames): string {
  const ids = all.flatMap(({ productId }) => (productId === null ? [] : [productId])).sort((a, b) => a - b)
  if (ids.length === 0) return ''
  if (ids.length <= mostNamed) return ` of ${ids.map((id) => names.titleOf(id)).join(', ')}`
  return ` of ${counted(ids.length, 'product')} (${ids.slice(0, mostNamed).join(', ')}, …)`
}

/** The names of products, for people who do not think in ids. They come from the copy, and so are known once a sync has read them. */
import type { ProductItem } from '../../../src/repositories/items.ts'
import type { ListResult } from '../../../src/repositories/list.ts'
import type { Tidemark } from '../../../src/tidemark.ts'
import { cleanText } from '../render/clean-text.ts'

export interface ProductNames {
  /** `Webshop (598)`, or `product 598` when it has no name yet. */
  titleOf(productId: number): string
  /** Undefined when it is not known yet. */
  nameOf(productId: number): string | undefined
  /** Makes sure that this one has its name, if there is one; asked once for each, however often it is called. */
  learn(productId: number): void
  /** Asks for all of them; quietly leaves them as they are when that fails. */
  refresh(): Promise<void>
}

export function productNames(tidemark: Pick<Tidemark, 'products'>): ProductNames {
  const names = new Map<number, string>()
  const asked = new Set<number>()
  let reading: Promise<void> | undefined

  async function readAll(): Promise<void> {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: ListResult<ProductItem> = await tidemark.products.list({ limit: 100, includeDeleted: true, ...(cursor === '' ? {} : { cursor }) })
      for (const { id, name } of page.items) names.set(id, cleanText(name))
      cursor = page.nextCursor
    }
  }

  return {
    nameOf: (id) => names.get(id),
    titleOf(id) {
      const name = names.get(id)
      return name === undefined ? `product ${id}` : `${name} (${id})`
    },
    learn(id) {
      if (names.has(id) || asked.has(id)) return
      asked.add(id)
      reading ??= readAll().catch(() => undefined).finally(() => { reading = undefined })
    },
    async refresh() {
      await reading
      await readAll().catch(() => undefined)
    },
  }
}

/** Products and their sections as rows. */
import { sql } from 'kysely'
import type { InsertOf } from '../../model/schema.ts'
import { idList } from '../../storage/id-list.ts'
import { searchText } from '../../model/search-text.ts'
import type { WireProduct } from '../../testio/wire/product.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { EntityWriter, SyncRecord } from '../record-writer.ts'

export interface ProductRows {
  readonly product: InsertOf<'products'>
  readonly sections: readonly InsertOf<'sections'>[]
}

export function productRecord(customerId: number, wire: WireProduct): SyncRecord<ProductRows> {
  const sections = new Map([...wire.sectionsWithDefault, ...wire.sections].map((section) => [section.id, section]))
  const name = wire.name ?? ''
  return {
    id: wire.id,
    payload: wire.payload,
    rows: {
      product: {
        customer_id: customerId,
        id: wire.id,
        name,
        type: wire.type,
        default_section_id: wire.defaultSectionId,
        search_text: searchText(name, wire.description),
        description: wire.description,
      },
      sections: [...sections.values()].map((section) => ({
        customer_id: customerId,
        id: section.id,
        product_id: wire.id,
        name: section.name ?? '',
        is_default: section.id === wire.defaultSectionId,
      })),
    },
  }
}

export const productWriter: EntityWriter<ProductRows> = {
  entity: 'product',
  async write({ tx, db, customerId }, records, changedIds) {
    if (changedIds.length > 0) {
      const kept = idList(tx.dialect, records.flatMap(({ rows }) => rows.sections.map((section) => section.id)))
      await sql`delete from sections where customer_id = ${customerId} and product_id in ${idList(tx.dialect, changedIds)} and id not in ${kept}`.execute(db)
    }
    await bulkWrite(tx, 'products', records.map(({ rows }) => ({ ...rows.product, deleted_at: null })), { keys: ['customer_id', 'id'], onConflict: 'update' })
    await bulkWrite(tx, 'sections', records.flatMap(({ rows }) => rows.sections), { keys: ['customer_id', 'id'], onConflict: 'update' })
  },
  document: ({ product }) => ({ id: product.id, productId: product.id, date: null, title: product.name, texts: [product.description ?? null] }),
}

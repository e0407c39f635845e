/** Catalogue features with their user stories and sections as rows. */
import { sql } from 'kysely'
import type { InsertOf } from '../../model/schema.ts'
import { searchText } from '../../model/search-text.ts'
import { idList } from '../../storage/id-list.ts'
import type { CatalogueFeature } from '../../testio/catalogue-features.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { EntityWriter, SyncRecord } from '../record-writer.ts'

export interface FeatureRows {
  readonly feature: InsertOf<'features'>
  /** Null when the API did not tell them: what is stored stays. */
  readonly sections: readonly InsertOf<'feature_sections'>[] | null
  readonly stories: readonly InsertOf<'user_stories'>[]
}

export function featureRecord(customerId: number, productId: number, wire: CatalogueFeature): SyncRecord<FeatureRows> {
  const title = wire.title ?? ''
  return {
    id: wire.id,
    payload: wire.payload,
    rows: {
      feature: {
        customer_id: customerId,
        id: wire.id,
        product_id: productId,
        title,
        user_story_count: wire.userStories.length,
        search_text: searchText(title),
        description: wire.description,
        how_to_find: wire.howToFind,
      },
      sections:
        wire.sectionIds?.toSorted((a, b) => a - b).map((sectionId) => ({ customer_id: customerId, feature_id: wire.id, section_id: sectionId })) ?? null,
      stories: wire.userStories.map((story, position) => ({ customer_id: customerId, feature_id: wire.id, position, story_id: story.id, title: story.title })),
    },
  }
}

export const featureWriter: EntityWriter<FeatureRows> = {
  entity: 'feature',
  async write({ tx, db, customerId }, records, changedIds) {
    if (changedIds.length > 0) {
      const changed = idList(tx.dialect, changedIds)
      await sql`delete from user_stories where customer_id = ${customerId} and feature_id in ${changed}`.execute(db)
    }
    const listed = records.flatMap(({ id, rows }) => (rows.sections === null ? [] : [id]))
    await sql`delete from feature_sections where customer_id = ${customerId} and feature_id in ${idList(tx.dialect, listed)}`.execute(db)
    await bulkWrite(tx, 'features', records.map(({ rows }) => ({ ...rows.feature, deleted_at: null })), { keys: ['customer_id', 'id'], onConflict: 'update' })
    await bulkWrite(tx, 'user_stories', records.flatMap(({ rows }) => rows.stories), { keys: ['customer_id', 'feature_id', 'position'], onConflict: 'update' })
    await bulkWrite(tx, 'feature_sections', records.flatMap(({ rows }) => rows.sections ?? []), { onConflict: 'ignore' })
  },
  document: ({ feature, stories }) => ({
    id: feature.id,
    productId: feature.product_id,
    date: null,
    title: feature.title,
    texts: [feature.description ?? null, feature.how_to_find ?? null, ...stories.map((story) => story.title)],
  }),
}

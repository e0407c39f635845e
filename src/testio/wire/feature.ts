/** Features of the catalogue, as the API sends them. Their snapshots inside tests are in test-feature.ts. */
import * as v from 'valibot'
import { id, indexedTitle, text } from './fields.ts'
import type { RecordSchema, WireRecord } from './record.ts'
import { UserStoriesSchema } from './user-story.ts'
import type { WireUserStory } from './user-story.ts'

export interface WireFeature extends WireRecord {
  readonly id: number
  readonly title: string | null
  readonly description: string | null
  readonly howToFind: string | null
  readonly userStories: readonly WireUserStory[]
}

const FeatureFields = v.object({ id, title: indexedTitle, description: text, howtofind: text, location: text, user_stories: UserStoriesSchema })

export const FeatureSchema: RecordSchema<WireFeature> = v.pipe(
  FeatureFields,
  v.transform((wire) => ({
    id: wire.id,
    title: wire.title,
    description: wire.description,
    howToFind: wire.howtofind ?? wire.location,
    userStories: wire.user_stories,
  })),
)

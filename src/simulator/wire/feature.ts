/** Features and user stories of the catalogue as the API writes them. */
import type { Account } from '../account.ts'
import type { FeatureTruth, UserStoryTruth } from '../truth.ts'

export function featureWire(feature: FeatureTruth, expandStories: boolean) {
  const stories = feature.userStories.map((story) => (expandStories ? storyInFeatureWire(feature, story) : story.title))
  return {
    id: feature.id,
    title: feature.title,
    description: feature.description,
    howtofind: feature.howToFind,
    ...(feature.id % 6 === 1 ? { location: feature.howToFind, target_idx: null } : {}),
    // Without stories: an empty list, null, or no key at all.
    ...(stories.length > 0 || feature.id % 3 === 0 ? { user_stories: stories } : feature.id % 3 === 1 ? { user_stories: null } : {}),
  }
}

/** Old stories without an id stay strings, also where objects were asked for. */
function storyInFeatureWire(feature: FeatureTruth, story: UserStoryTruth) {
  return story.id === null ? story.title : { id: story.id, path: story.title, title: story.title, feature_id: feature.id }
}

/** The story by itself; only some tell their feature. */
export function storyWire(feature: FeatureTruth, story: UserStoryTruth & { readonly id: number }) {
  return { id: story.id, path: story.title, title: story.title, ...(story.id % 9 === 0 ? { feature_id: feature.id } : {}) }
}

/** The catalogue's or a removed feature behind a snapshot. */
export function featureBehind(account: Account, featureId: number | null): FeatureTruth | undefined {
  return featureId === null ? undefined : (account.features.get(featureId) ?? account.retired.get(featureId))
}

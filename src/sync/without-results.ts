/**
 * A test comes with its results when it is read alone, and without them in a list. Compared is what both have, so that a
 * test that was read in one way and then in the other has not changed.
 */
import { isObject } from '../is-object.ts'
import type { Payload } from '../testio/wire/record.ts'

const resultKeys: ReadonlySet<string> = new Set(['analytics', 'execution_status', 'tester_count', 'tested_by_count', 'bugs_found', 'bug_ids'])

export function withoutResults(test: Payload): Payload {
  const features = test['features']
  return { ...plain(test), ...(Array.isArray(features) ? { features: features.map(featureWithoutResults) } : {}) }
}

function featureWithoutResults(feature: unknown): unknown {
  if (!isObject(feature)) return feature
  const stories = feature['user_stories']
  return { ...plain(feature), ...(Array.isArray(stories) ? { user_stories: stories.map((story: unknown) => (isObject(story) ? plain(story) : story)) } : {}) }
}

function plain(object: Payload): Payload {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !resultKeys.has(key)))
}

/** The snapshot of a feature inside a test. */
import * as v from 'valibot'
import { id, reference, text } from './fields.ts'

export interface WireTestFeature {
  /** Id of the snapshot, unique to the test. */
  readonly id: number
  /** The catalogue feature, which may be gone; null on some old tests. */
  readonly featureId: number | null
  /** As it was when the test was made. */
  readonly title: string | null
}

export const TestFeatureSchema: v.GenericSchema<unknown, WireTestFeature> = v.pipe(
  v.object({ id, feature_id: reference, title: text }),
  v.transform(({ feature_id: featureId, ...feature }) => ({ ...feature, featureId })),
)

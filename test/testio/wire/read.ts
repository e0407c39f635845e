/** Reads records as an answer of the API would bring them. */
import { readList, readOne } from '../../../src/testio/envelope.ts'
import type { WireList } from '../../../src/testio/envelope.ts'
import type { Answer } from '../../../src/testio/transport.ts'
import { BugSchema } from '../../../src/testio/wire/bug.ts'
import type { WireBug } from '../../../src/testio/wire/bug.ts'
import { FeatureSchema } from '../../../src/testio/wire/feature.ts'
import type { WireFeature } from '../../../src/testio/wire/feature.ts'
import { ProductSchema } from '../../../src/testio/wire/product.ts'
import type { WireProduct } from '../../../src/testio/wire/product.ts'
import { RejectReasonSchema } from '../../../src/testio/wire/reject-reason.ts'
import type { WireRejectReason } from '../../../src/testio/wire/reject-reason.ts'
import { TestSchema } from '../../../src/testio/wire/test.ts'
import type { WireTest } from '../../../src/testio/wire/test.ts'

export const readProducts = (json: unknown): WireList<WireProduct> => readList(answer(json), 'products', ProductSchema)
export const readTests = (json: unknown): WireList<WireTest> => readList(answer(json), 'exploratory_tests', TestSchema)
export const readBugs = (json: unknown): WireList<WireBug> => readList(answer(json), 'bugs', BugSchema)
export const readFeatures = (json: unknown): WireList<WireFeature> => readList(answer(json), 'features', FeatureSchema)
export const readRejectReasons = (json: unknown): WireList<WireRejectReason> => readList(answer(json), 'reject_reasons', RejectReasonSchema)
export const readTest = (json: unknown, id: number): WireTest => readOne(answer(json), 'exploratory_test', TestSchema, id)

/** The one bug of a list of one. */
export function readBug(json: unknown): WireBug {
  return only(readBugs({ bugs: [json] }))
}

export function only<T>({ records, malformed }: WireList<T>): T {
  const [record, ...others] = records
  if (record === undefined || others.length > 0 || malformed.length > 0) throw new Error(`Not one record: ${JSON.stringify({ records, malformed })}`)
  return record
}

export function answer(json: unknown): Answer {
  return { json, status: 200, path: '/sample', attempts: 1 }
}

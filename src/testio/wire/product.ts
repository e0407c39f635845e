/** Products, as the API sends them. */
import * as v from 'valibot'
import { id, list, reference, text } from './fields.ts'
import type { RecordSchema, WireRecord } from './record.ts'
import { SectionSchema } from './section.ts'
import type { WireSection } from './section.ts'

export interface WireProduct extends WireRecord {
  readonly id: number
  readonly name: string | null
  readonly description: string | null
  /** Upstream word: `website`, `mobile_app_ios`, …; an open list. */
  readonly type: string | null
  /** The implicit section that every product has. */
  readonly defaultSectionId: number | null
  /** The real sections; empty when the product has none. */
  readonly sections: readonly WireSection[]
  /** The real sections and the default one; empty where the API does not send the key. */
  readonly sectionsWithDefault: readonly WireSection[]
}

const ProductFields = v.object({
  id,
  name: text,
  description: text,
  type: text,
  default_section_id: reference,
  sections: list(SectionSchema),
  sections_with_default: list(SectionSchema),
})

export const ProductSchema: RecordSchema<WireProduct> = v.pipe(
  ProductFields,
  v.transform(({ default_section_id: defaultSectionId, sections_with_default: sectionsWithDefault, ...product }) => ({
    ...product,
    defaultSectionId,
    sectionsWithDefault,
  })),
)

/** The rule for products whose features may have to be read section by section. */
import type { WireProduct } from './wire/product.ts'

/**
 * Ids of the sections to walk; empty when the product does not use sections. One lone default section means "none".
 */
export function sectionIdsToWalk(product: Pick<WireProduct, 'sections' | 'sectionsWithDefault'>): readonly number[] {
  const { sections, sectionsWithDefault } = product
  if (sections.length > 0) return sections.map((section) => section.id)
  return sectionsWithDefault.length > 1 ? sectionsWithDefault.map((section) => section.id) : []
}

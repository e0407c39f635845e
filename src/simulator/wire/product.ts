/** Products and sections as the API writes them: long in products and tests, short inside bugs. */
import type { Account } from '../account.ts'
import type { FeatureTruth, ProductTruth, SectionTruth } from '../truth.ts'

export function productWire(account: Account, product: ProductTruth) {
  const all = account.sectionsOf(product.id)
  const real = all.filter((section) => !section.isDefault)
  return {
    id: product.id,
    name: product.name,
    description: product.description,
    ...(product.type === null ? {} : { type: product.type }),
    default_section_id: product.defaultSectionId,
    ...(product.sectionStyle === 'with_default_only' ? {} : { sections: real.map((section) => sectionWire(account, product, section)) }),
    sections_with_default: all.map((section) => sectionWire(account, product, section)),
    connection: product.id % 4 === 1
      ? { id: 70 + (product.id % 50), name: 'Tracker hook', url: `https://hooks.tracker.example/${product.id}`, fixed: false }
      : null,
  }
}

/** The product inside a test: the same and a little more. */
export function productInTestWire(account: Account, product: ProductTruth) {
  return { ...productWire(account, product), remote_device_testing: product.id % 3 === 0 }
}

export function productInBugWire(account: Account, product: ProductTruth) {
  const sections = account.sectionsOf(product.id).filter((section) => !section.isDefault)
  return { id: product.id, name: product.name, sections: sections.map(sectionShortWire) }
}

export function sectionWire(account: Account, product: ProductTruth, section: SectionTruth) {
  const counted = section.id % 5 === 2
  const features = counted ? account.featuresOf(product.id).filter((feature) => isInSection(product, feature, section.id)) : []
  return {
    id: section.id,
    name: section.name,
    connection: null,
    test_templates: { total: 20, count: section.id % 3 },
    ...(counted ? { features_amount: features.length, user_stories_amount: features.flatMap((feature) => feature.userStories).length } : {}),
  }
}

export function sectionShortWire(section: SectionTruth) {
  return { id: section.id, name: section.name }
}

/** In a product without real sections everything is in the implicit one. */
export function isInSection(product: ProductTruth, feature: FeatureTruth, sectionId: number): boolean {
  return product.sectionStyle === 'none' ? sectionId === product.defaultSectionId : feature.sectionIds.includes(sectionId)
}

/** Products with their sections, features and environments: the part of an account that stands still. */
import { itemAt, randomFor } from '../random.ts'
import type { FeatureTruth, ProductTruth, SectionTruth } from '../truth.ts'
import { COMMON_FEATURES, DOMAIN_FEATURES, type FeatureWords } from '../words/features.ts'
import { PRODUCT_PLAN, REGIONS, WORLDS, type Domain } from '../words/worlds.ts'
import { generateEnvironments, type Environment } from './environments.ts'

export interface Catalogue {
  readonly products: readonly ProductTruth[]
  readonly sections: readonly SectionTruth[]
  readonly features: readonly FeatureTruth[]
  /** Features that left the catalogue; old tests still name them. */
  readonly retired: readonly FeatureTruth[]
  readonly environments: readonly Environment[]
  /** What kind of product it is, also where the API does not tell. */
  readonly typeOf: ReadonlyMap<number, string>
}

export function generateCatalogue(seed: number, count: number, customerName: string): Catalogue {
  const random = randomFor(seed, 'products')
  const products: ProductTruth[] = []
  const sections: SectionTruth[] = []
  const features: FeatureTruth[] = []
  const retired: FeatureTruth[] = []
  const environments: Environment[] = []
  const typeOf = new Map<number, string>()
  const used = new Map<string, number>()
  let productId = 40_000
  let sectionId = 51_800
  let environmentId = 30_500
  const ids: FeatureIds = { feature: 77_000, story: 61_000 }

  for (let index = 0; index < count; index++) {
    const plan = itemAt(PRODUCT_PLAN, index)
    productId += random.int(3, 90)
    const style = sectionStyle(index)
    const seen = used.get(plan.domain + plan.suffix) ?? index % 7
    used.set(plan.domain + plan.suffix, seen + 1)
    const world = WORLDS[plan.domain]
    const region = seen < world.brands.length ? '' : ` ${itemAt(REGIONS, Math.floor(seen / world.brands.length) - 1)}`
    const brand = itemAt(world.brands, seen)
    sectionId += random.int(5, 40)
    const product: ProductTruth = {
      id: productId,
      name: `${brand} ${plan.suffix}${region}`,
      // The API leaves the type out on some products.
      type: index % 40 === 37 ? null : plan.type,
      description: index % 6 === 5 ? null : `${world.business}, run by ${customerName}`,
      defaultSectionId: sectionId,
      sectionStyle: style,
    }
    typeOf.set(productId, plan.type)
    const own: SectionTruth[] = [{ id: sectionId, productId, name: 'default-section', isDefault: true }]
    if (style !== 'none') {
      for (const name of world.sections.slice(0, style === 'with_default_only' ? 1 : random.int(2, 5))) {
        own.push({ id: ++sectionId, productId, name, isDefault: false })
      }
    }
    products.push(product)
    sections.push(...own)
    const made = generateFeatures(seed, product, plan.domain, own, ids)
    features.push(...made.features)
    retired.push(...made.retired)
    const slug = brand.toLowerCase().normalize('NFD').replace(/[^a-z]+/g, '')
    const places = generateEnvironments(seed, { id: productId, type: plan.type, slug }, environmentId + random.int(1, 30))
    environments.push(...places)
    environmentId = (places.at(-1)?.id ?? environmentId)
  }
  return { products, sections, features, retired, environments, typeOf }
}

/** The second and the third product of every account use sections, each in its own way. */
function sectionStyle(index: number): ProductTruth['sectionStyle'] {
  if (index % 12 === 2) return 'with_default_only'
  return index % 3 === 1 ? 'listed' : 'none'
}

interface FeatureIds {
  feature: number
  story: number
}

function generateFeatures(seed: number, product: ProductTruth, domain: Domain, sections: readonly SectionTruth[], ids: FeatureIds) {
  const random = randomFor(seed, 'features', product.id)
  const world = WORLDS[domain]
  const wanted = 10 + Math.min(random.int(0, 30), random.int(0, 30))
  const own = random.sample(DOMAIN_FEATURES[domain], Math.min(16, Math.ceil(wanted * 0.6)))
  const words = [...own, ...random.sample(COMMON_FEATURES, wanted + 2 - own.length)]
  const homes = (product.sectionStyle === 'listed' ? sections.filter((section) => !section.isDefault) : sections).map((section) => section.id)
  const made = words.map((word, index): FeatureTruth => {
    ids.feature += random.int(1, 9)
    return {
      id: ids.feature,
      productId: product.id,
      title: word.title,
      description: index % 5 === 3 ? null : describe(word),
      howToFind: index % 7 === 4 ? null : word.place,
      sectionIds: product.sectionStyle === 'none' ? [] : random.sample(homes, random.chance(0.2) ? 2 : 1).sort((a, b) => a - b),
      userStories: index % 6 === 5 ? [] : word.actions.flatMap((action, position) => {
        const title = `As a ${world.persona}, I can ${action}`
        // A few old stories are known by their text only.
        const id = index % 8 === 1 && position === 0 ? null : (ids.story += random.int(1, 4))
        const more = position === 0 && random.chance(0.4) ? [{ id: (ids.story += 1), title: `${title} on another device` }] : []
        return [{ id, title }, ...more]
      }),
    }
  })
  // The last two drawn are the ones that were removed later on.
  return { features: made.slice(0, wanted), retired: made.slice(wanted) }
}

function describe(word: FeatureWords): string {
  const [first = '', ...rest] = word.actions
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}${rest.map((action) => `; ${action}`).join('')}`
}

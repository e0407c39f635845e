/**
 * Features of a product, in one read where the API allows it, else section by section. A section that cannot be read
 * fails the whole: a part of a catalogue must not pass for all of it.
 */
import { isTidemarkError } from '../errors.ts'
import { readList } from './envelope.ts'
import type { MalformedRecord, WireList } from './envelope.ts'
import type { ReadOptions, Transport } from './transport.ts'
import { FeatureSchema } from './wire/feature.ts'
import type { WireFeature } from './wire/feature.ts'

export interface CatalogueFeature extends WireFeature {
  /** The sections that list the feature; null when the API listed the product as a whole and so did not tell. */
  readonly sectionIds: readonly number[] | null
}

/** Statuses with which the API answers for a product that must be read by sections. */
const NEEDS_SECTIONS = [400, 422, 500]

export async function readFeatures(
  transport: Transport, productId: number, sectionIds: readonly number[], options: ReadOptions,
): Promise<WireList<CatalogueFeature>> {
  try {
    const path = `products/${productId}/features`
    const { records, ...rest } = await readFeatureList(transport, path, { ...options, final: sectionIds.length > 0 ? NEEDS_SECTIONS : [] })
    return { ...rest, records: records.map((feature) => ({ ...feature, sectionIds: null })) }
  } catch (error) {
    const needsSections = isTidemarkError(error) && NEEDS_SECTIONS.some((status) => status === error.details['status'])
    if (sectionIds.length === 0 || !needsSections) throw error
  }
  return readSections(transport, productId, sectionIds, options)
}

async function readSections(
  transport: Transport, productId: number, sectionIds: readonly number[], options: ReadOptions,
): Promise<WireList<CatalogueFeature>> {
  const found = new Map<number, { readonly feature: WireFeature; readonly sectionIds: number[] }>()
  const malformed: MalformedRecord[] = []
  let rawCount = 0
  // One after another: nothing is left running when one fails, and other products fill the places in flight.
  for (const sectionId of sectionIds) {
    const section = await readFeatureList(transport, `products/${productId}/sections/${sectionId}/features`, options)
    rawCount += section.rawCount
    malformed.push(...section.malformed)
    for (const feature of section.records) {
      const known = found.get(feature.id)
      if (known === undefined) found.set(feature.id, { feature, sectionIds: [sectionId] })
      else if (!known.sectionIds.includes(sectionId)) known.sectionIds.push(sectionId)
    }
  }
  return { records: [...found.values()].map((entry) => ({ ...entry.feature, sectionIds: entry.sectionIds })), malformed, rawCount }
}

async function readFeatureList(
  transport: Transport, path: string, options: Parameters<Transport['read']>[1],
): Promise<WireList<WireFeature>> {
  return readList(await transport.read(`${path}?includes[]=user_stories`, options), 'features', FeatureSchema)
}

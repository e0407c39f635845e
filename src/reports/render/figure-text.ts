/** How rates, words and the scope of the report are written for people. */
import { counted, day, minute } from '../../answers/figures.ts'
import type { BugRates } from '../../repositories/items.ts'
import { badSide } from '../health.ts'
import type { Health, HealthRate, QualityOverview, Threshold } from '../quality-report.ts'

/** `3.4`; a dash where there is nothing to divide by. */
export function ratioText(value: number | null): string {
  return value === null ? '–' : value.toFixed(1)
}

/** `auto_accepted` → `auto accepted` */
export function words(key: string): string {
  return key.replaceAll('_', ' ')
}

export const rateNames: Readonly<Record<keyof BugRates, string>> = {
  overallAcceptanceRate: 'Overall acceptance', activeAcceptanceRate: 'Active acceptance', autoAcceptanceRate: 'Auto-acceptance', rejectionRate: 'Rejection', reviewRate: 'Review',
}

/** What divided by what. */
export const rateMeanings: Readonly<Record<keyof BugRates, string>> = {
  overallAcceptanceRate: 'accepted, by a person or by time-out, of all bugs',
  activeAcceptanceRate: 'accepted by a person, of all bugs',
  autoAcceptanceRate: 'accepted by time-out, of the accepted bugs',
  rejectionRate: 'rejected, of all bugs',
  reviewRate: 'accepted by a person or rejected, of all bugs',
}

export const rateKeys = ['overallAcceptanceRate', 'activeAcceptanceRate', 'autoAcceptanceRate', 'rejectionRate', 'reviewRate'] as const satisfies readonly (keyof BugRates)[]

export const healthWords: Readonly<Record<Health, string>> = { healthy: 'Healthy', warning: 'Warning', critical: 'Critical', unknown: 'Unknown' }

/** `warning ≥ 20 %, critical ≥ 35 %` */
export function thresholdText(rate: HealthRate, { warning, critical }: Threshold): string {
  const side = badSide[rate] === 'high' ? '≥' : '≤'
  return `warning ${side} ${percent(warning)}, critical ${side} ${percent(critical)}`
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`
}

/** What the report covers, as labels and values. */
export function scopeFacts({ scope: { statuses, range, testIds }, byProduct, freshness, generatedAt }: QualityOverview): readonly (readonly [label: string, value: string])[] {
  return [
    [byProduct.length === 1 ? 'Product' : 'Products', byProduct.map(({ product, productId }) => `${product} (${productId})`).join(', ')],
    ['Tests that ended', testIds === null ? rangeText(range) : 'at any time'],
    ['Test statuses', testIds === null ? (statuses ?? []).map(words).join(', ') : `any; ${counted(testIds.length, 'test')} named one by one`],
    ['Data as of', freshnessText(freshness)],
    ['Made', `${minute(generatedAt)} UTC`],
  ]
}

/** `2026-07-01 to 2026-09-30 UTC`, with the last day; hours only where the range does not begin or end with a day. */
export function rangeText({ from, to, timeZone }: QualityOverview['scope']['range']): string {
  if (from === null && to === null) return 'at any time'
  const zone = timeZone === 'UTC' ? 'UTC' : `UTC, months in ${timeZone}`
  const end = to === null ? null : isMidnight(to) ? day(new Date(Date.parse(to) - 1).toISOString()) : minute(to)
  const start = from === null ? null : isMidnight(from) ? day(from) : minute(from)
  return start === null ? `until ${end ?? ''} ${zone}` : `${start} to ${end ?? 'now'} ${zone}`
}

function isMidnight(instant: string): boolean {
  return instant.slice(11) === '00:00:00.000Z'
}

function freshnessText({ asOf, stale, incomplete }: QualityOverview['freshness']): string {
  const notes = [...(stale ? ['stale'] : []), ...(incomplete ? ['incomplete'] : [])]
  return `${asOf === null ? 'never fetched completely' : `${minute(asOf)} UTC`}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

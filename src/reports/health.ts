/** When a rate begins to worry (contracts, section 3). A rate that has just reached a threshold has reached it. */
import { TidemarkError } from '../errors.ts'
import type { BugRates } from '../repositories/items.ts'
import { healthRates, type GivenThreshold, type GivenThresholds, type Health, type HealthRate, type Threshold, type Thresholds } from './quality-report.ts'

/** Whether high or low rates are the bad ones. */
export const badSide: Readonly<Record<HealthRate, 'high' | 'low'>> = { rejectionRate: 'high', autoAcceptanceRate: 'high', reviewRate: 'low' }

export const defaultThresholds: Thresholds = {
  rejectionRate: { warning: 0.2, critical: 0.35 },
  autoAcceptanceRate: { warning: 0.2, critical: 0.4 },
  reviewRate: { warning: 0.8, critical: 0.6 },
}

/**
 * @param usual for what was not given
 * @throws TidemarkError `argument_invalid` for a warning that would come behind its critical threshold
 */
export function resolveThresholds(given: GivenThresholds | undefined, usual: Thresholds = defaultThresholds): Thresholds {
  const resolved = {
    rejectionRate: orUsual(given?.rejectionRate, usual.rejectionRate),
    autoAcceptanceRate: orUsual(given?.autoAcceptanceRate, usual.autoAcceptanceRate),
    reviewRate: orUsual(given?.reviewRate, usual.reviewRate),
  }
  const crossed = healthRates.filter((rate) => !isBefore(rate, resolved[rate]))
  if (crossed.length === 0) return resolved
  throw new TidemarkError('argument_invalid', 'Cannot judge quality by these thresholds', {
    why: crossed.map((rate) => `The warning of ${words(rate)} must not be ${badSide[rate] === 'high' ? 'above' : 'below'} its critical threshold.`).join(' '),
    next: 'Give both thresholds of the rate, or leave them out for the usual ones.',
    details: { arguments: crossed.map((rate) => `thresholds.${rate}`) },
  })
}

export function healthOf(rates: Pick<BugRates, HealthRate>, thresholds: Thresholds): Readonly<Record<HealthRate, Health>> {
  return {
    rejectionRate: judge('rejectionRate', rates.rejectionRate, thresholds),
    autoAcceptanceRate: judge('autoAcceptanceRate', rates.autoAcceptanceRate, thresholds),
    reviewRate: judge('reviewRate', rates.reviewRate, thresholds),
  }
}

function judge(name: HealthRate, rate: number | null, thresholds: Thresholds): Health {
  if (rate === null) return 'unknown'
  const { warning, critical } = thresholds[name]
  const reaches = (threshold: number): boolean => (badSide[name] === 'high' ? rate >= threshold : rate <= threshold)
  if (reaches(critical)) return 'critical'
  return reaches(warning) ? 'warning' : 'healthy'
}

function orUsual(given: GivenThreshold | undefined, usual: Threshold): Threshold {
  return { warning: given?.warning ?? usual.warning, critical: given?.critical ?? usual.critical }
}

function isBefore(rate: HealthRate, { warning, critical }: Threshold): boolean {
  return badSide[rate] === 'high' ? warning <= critical : warning >= critical
}

function words(rate: HealthRate): string {
  return rate.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)
}

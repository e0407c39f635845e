/** One way to write thresholds of rates as text, for flags and for the environment: `rejection_rate=0.1,0.2 review_rate=80%,60%`. */
import type { GivenThresholds, HealthRate } from '../../src/reports/quality-report.ts'

export const rateNames = ['rejection_rate', 'auto_acceptance_rate', 'review_rate'] as const

const rateOf: Readonly<Record<string, HealthRate>> = { rejection_rate: 'rejectionRate', auto_acceptance_rate: 'autoAcceptanceRate', review_rate: 'reviewRate' }

/** Each rate with its warning and its critical fraction; null when the text is something else. */
export function parseThresholds(text: string): GivenThresholds | null {
  const parts = text.trim().replaceAll(/\s*([=,])\s*/gu, '$1').split(/[\s;]+/u).filter((part) => part !== '').map(parsePart)
  const known = parts.filter((part) => part !== null)
  return known.length === 0 || known.length < parts.length ? null : Object.fromEntries(known)
}

function parsePart(text: string): readonly [HealthRate, { readonly warning: number; readonly critical: number }] | null {
  const [, name = '', warningText = '', criticalText = ''] = /^(\w+)=([^,]+),([^,]+)$/u.exec(text) ?? []
  const rate = rateOf[name.endsWith('_rate') ? name : `${name}_rate`]
  const [warning, critical] = [fraction(warningText), fraction(criticalText)]
  return rate === undefined || warning === null || critical === null ? null : [rate, { warning, critical }]
}

function fraction(text: string): number | null {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%)?$/u.exec(text) ?? []
  const value = Number(digits) / (percent === undefined ? 1 : 100)
  return value >= 0 && value <= 1 ? value : null
}

/** A judged rate: its value, a badge with the word, and where it stands between its thresholds. */
import { share } from '../../answers/figures.ts'
import { badSide } from '../health.ts'
import type { Health, HealthRate, QualitySummary, Threshold, Thresholds } from '../quality-report.ts'
import { healthWords, rateMeanings, rateNames, thresholdText } from '../render/figure-text.ts'
import { html, type Html, type HtmlValue } from './html-template.ts'

export function healthCard(rate: HealthRate, summary: QualitySummary, thresholds: Thresholds): Html {
  return html`<section class="card"><h2>${rateNames[rate]} rate</h2><p class="rate"><b>${share(summary[rate])}</b>${badge(summary.health[rate])}</p>${
    meter(rate, summary[rate], thresholds[rate])}<p class="small">${rateMeanings[rate]}; ${thresholdText(rate, thresholds[rate]).replaceAll(/ (?=%)|(?<=[≥≤]) /gu, '\u00a0')}</p></section>`
}

/** A rate in a table: its health as a word where it is a reason to look. */
export function judgedShare(value: number | null, health: Health): HtmlValue {
  return health === 'warning' || health === 'critical' ? html`${share(value)} <span class="flag ${health}">${healthWords[health].toLowerCase()}</span>` : share(value)
}

function badge(health: Health): Html {
  return html`<span class="badge ${health}"><svg viewBox="0 0 10 10" aria-hidden="true"><path d="${shapes[health]}"/></svg>${healthWords[health]}</span>`
}

const shapes: Readonly<Record<Health, string>> = {
  healthy: 'M5 0A5 5 0 1 1 5 10A5 5 0 1 1 5 0Z', warning: 'M5 0.4L10 9.6H0Z', critical: 'M5 0L10 5L5 10L0 5Z', unknown: 'M0 4H10V6H0Z',
}

/** From 0 to 100 %, the zones tinted; everything in it is also said in words. */
function meter(rate: HealthRate, value: number | null, { warning, critical }: Threshold): Html {
  const zones = badSide[rate] === 'high'
    ? [['healthy', 0, warning], ['warning', warning, critical], ['critical', critical, 1]] as const
    : [['critical', 0, critical], ['warning', critical, warning], ['healthy', warning, 1]] as const
  const at = (fraction: number): number => Math.round(fraction * 3000) / 10
  return html`<svg class="meter" viewBox="0 0 300 14" preserveAspectRatio="none" aria-hidden="true">${
    zones.filter(([, from, to]) => to > from).map(([health, from, to]) => html`<rect class="zone ${health}" x="${at(from)}" y="4" width="${at(to - from)}" height="6"/>`)}${
    value === null ? null : html`<rect class="needle" x="${Math.min(296, Math.max(1, at(value) - 1.5))}" y="0" width="3" height="14"/>`}</svg>`
}

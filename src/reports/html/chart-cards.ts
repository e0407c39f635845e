/** The four charts, each with a legend, a text that says what it shows, and the figures as a table to open. */
import { count, counted, share } from '../../answers/figures.ts'
import { ratioText, rateNames } from '../render/figure-text.ts'
import { plainText } from '../render/plain-text.ts'
import { healthRates, type FeatureQuality, type PlatformQuality, type QualityOfMonth, type QualityOverview } from '../quality-report.ts'
import { barRows } from './charts/bar-rows.ts'
import { chartSizes, type ChartSize, type ChartText } from './charts/frame.ts'
import { monthName, monthsBetween } from './charts/months.ts'
import { outcomesByMonth, outcomeSeries } from './charts/outcomes-by-month.ts'
import { ratesByMonth, ratesLegend } from './charts/rates-by-month.ts'
import { barLegend, type Series } from './charts/series.ts'
import { html, type Html, type HtmlValue } from './html-template.ts'
import { table, type Column } from './table.ts'

export function chartCards({ trend, topFeatures, platforms }: QualityOverview): Html {
  return html`<div class="grid2">${ratesCard(trend)}${outcomesCard(trend)}${featuresCard(topFeatures)}${platformsCard(platforms)}</div>`
}

type DatedMonth = QualityOfMonth & { readonly month: string }

function ratesCard(trend: readonly QualityOfMonth[]): Html {
  const known = trend.filter(isDated)
  const first = known.find(({ bugs }) => bugs > 0)
  const last = known.findLast(({ bugs }) => bugs > 0)
  const told = first === undefined || last === undefined ? '' : healthRates.map((rate) => `${rateNames[rate]} from ${share(first[rate])} in ${monthName(first.month)} to ${share(last[rate])} in ${monthName(last.month)}`).join('; ')
  const text = { id: 'rates', title: 'Rates by month', description: `Three lines from 0 to 100 percent. ${told}.` }
  const months = everyMonth(known, (month) => ({ month, rejectionRate: null, autoAcceptanceRate: null, reviewRate: null }))
  return card(text, 'By the month in which tests ended', first === undefined ? null : html`${ratesLegend()}${bothSizes((size) => ratesByMonth(months, size, text))}`, table<QualityOfMonth>([
    monthColumn, ...healthRates.map((rate) => ({ head: rateNames[rate], number: true, cell: (month: QualityOfMonth) => share(month[rate]) } as const)),
  ], trend, { caption: text.title }))
}

function outcomesCard(trend: readonly QualityOfMonth[]): Html {
  const known = trend.filter(isDated)
  const most = known.toSorted((a, b) => b.bugs - a.bugs)[0]
  const bugs = known.reduce((sum, month) => sum + month.bugs, 0)
  const told = most === undefined ? '' : `${counted(bugs, 'bug')} in ${counted(known.length, 'month')} with tests; the most in ${monthName(most.month)}, ${count(most.bugs)}.`
  const text = { id: 'outcomes', title: 'Bugs by month and outcome', description: `Bars stacked by outcome. ${told}` }
  const months = everyMonth(known, (month) => ({ month, bugs: 0, bugsByOutcome: { open: 0, accepted: 0, autoAccepted: 0, rejected: 0, other: 0 } }))
  return card(text, 'By the month in which their test ended', bugs === 0 ? null : html`${barLegend(outcomeSeries, text.id)}${bothSizes((size) => outcomesByMonth(months, size, text))}`, table<QualityOfMonth>([
    monthColumn, { head: 'Tests', number: true, cell: ({ tests }) => count(tests) }, { head: 'Bugs', number: true, cell: (month) => count(month.bugs) },
    ...outcomeSeries.map(({ outcome, label }) => ({ head: label, number: true, cell: (month: QualityOfMonth) => count(month.bugsByOutcome[outcome]) } as const)),
  ], trend, { caption: text.title }))
}

const featureSeries: readonly Series[] = [{ key: 'feature', label: 'Bugs' }]

function featuresCard(features: readonly FeatureQuality[]): Html {
  const [most] = features
  const text = {
    id: 'features', title: 'Features with the most bugs',
    description: most === undefined ? '' : `Bars of ${counted(features.length, 'feature')}. The most bugs: ${nameOf(most.feature)}, ${count(most.bugCount)}.`,
  }
  const rows = features.map(({ feature, bugCount, bugsPerTest }) => ({ label: nameOf(feature), note: `${count(bugCount)} · ${ratioText(bugsPerTest)} per test`, values: [bugCount] }))
  return card(text, 'Bugs, and bugs per test of the feature', most === undefined ? null : bothSizes((size) => barRows(rows, featureSeries, size, text)), table<FeatureQuality>([
    { head: 'Feature', cell: ({ feature, featureId }) => html`<bdi>${nameOf(feature)}</bdi> <span class="id">${featureId}</span>` },
    { head: 'Tests', number: true, cell: ({ testCount }) => count(testCount) },
    { head: 'Bugs', number: true, cell: ({ bugCount }) => count(bugCount) },
    { head: 'Bugs per test', number: true, cell: ({ bugsPerTest }) => ratioText(bugsPerTest) },
  ], features, { caption: text.title }))
}

const severitySeries: readonly (Series & { readonly part: 'critical' | 'high' | 'low' | 'otherKinds' })[] = [
  { key: 's-critical', part: 'critical', label: 'Critical' },
  { key: 's-high', part: 'high', label: 'High', hatched: 'rising' },
  { key: 's-low', part: 'low', label: 'Low' },
  { key: 's-none', part: 'otherKinds', label: 'Other kinds', hatched: 'falling' },
]
const shownPlatforms = 10

function platformsCard(platforms: readonly PlatformQuality[]): Html {
  const [most] = platforms
  const text = {
    id: 'platforms', title: 'Severity by platform',
    description: most === undefined ? '' : `Bars stacked by severity. The most bugs: ${platformOf(most)}, ${count(most.bugs)}, of them ${count(most.critical)} critical.`,
  }
  const rows = platforms.slice(0, shownPlatforms).map((platform) => ({ label: platformOf(platform), note: count(platform.bugs), values: severitySeries.map(({ part }) => platform[part]) }))
  return card(text, 'A bug that was found on several platforms counts on each of them', most === undefined ? null : html`${barLegend(severitySeries, text.id)}${bothSizes((size) => barRows(rows, severitySeries, size, text))}`, table<PlatformQuality>([
    { head: 'Platform', cell: (platform) => html`<bdi>${platformOf(platform)}</bdi>` },
    ...severitySeries.map(({ part, label }) => ({ head: label, number: true, cell: (platform: PlatformQuality) => count(platform[part]) } as const)),
    { head: 'Bugs', number: true, cell: ({ bugs }) => count(bugs) },
  ], platforms, { caption: text.title }))
}

const monthColumn: Column<QualityOfMonth> = { head: 'Month', cell: ({ month }) => (month === null ? 'No date' : monthName(month)) }

/** @param chart null where there is nothing to draw */
function card({ id, title }: ChartText, lede: string, chart: HtmlValue, figures: Html): Html {
  const content = chart === null ? html`<p class="empty">Nothing in this scope.</p>` : html`<figure>${chart}<details><summary>Figures as a table</summary>${figures}</details></figure>`
  return html`<section class="card" aria-labelledby="${id}-h"><h2 id="${id}-h">${title}</h2><p class="lede">${lede}</p>${content}</section>`
}

function bothSizes(draw: (size: ChartSize) => Html): readonly Html[] {
  return chartSizes.map(draw)
}

function isDated(month: QualityOfMonth): month is DatedMonth {
  return month.month !== null
}

/** More months than a chart can show are shown as they are, without the empty ones. */
const mostMonths = 240

/** The months in between, too, so that the axis is one of time. */
function everyMonth<Month extends { readonly month: string }>(known: readonly DatedMonth[], empty: (month: string) => Month): readonly (Month | DatedMonth)[] {
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return []
  const byMonth = new Map(known.map((month) => [month.month, month]))
  const all = monthsBetween(first.month, last.month)
  return all.length > mostMonths ? known : all.map((month) => byMonth.get(month) ?? empty(month))
}

function nameOf(feature: string | null): string {
  return feature === null ? 'Without a title' : plainText(feature)
}

function platformOf({ platform }: PlatformQuality): string {
  return platform === null ? 'Not named' : plainText(platform)
}

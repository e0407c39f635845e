/**
 * The report as one HTML file: no script, no network, nothing that a strict content policy would refuse. Readable on a
 * phone, on paper and by a screen reader.
 */
import { count, counted, day, share } from '../../answers/figures.ts'
import { ratio } from '../../model/bug-rates.ts'
import { ratioText, rateKeys, rateMeanings, rateNames, scopeFacts, words } from '../render/figure-text.ts'
import { plainText } from '../render/plain-text.ts'
import { healthRates, type QualityOfProduct, type QualityOfTest, type QualityOverview, type TesterQuality } from '../quality-report.ts'
import type { OpenReport } from '../read-quality.ts'
import { chartCards } from './chart-cards.ts'
import { healthCard, judgedShare } from './health-card.ts'
import { Html, html } from './html-template.ts'
import { style } from './style.ts'
import { table, tableEnd, tableRows, tableStart, type Column } from './table.ts'

/** As many tests are shown at once; more have to be opened, and do not fill the paper. */
const openTests = 60

export async function* renderHtml(report: OpenReport): AsyncGenerator<string> {
  for await (const part of documentParts(report)) yield part.markup
}

async function* documentParts({ overview, pages }: OpenReport): AsyncGenerator<Html> {
  const { summary, byProduct, thresholds } = overview
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${await sha256(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Quality report: ${productNames(byProduct)}</title>
<style>${Html.trusted(style)}</style>
</head>
<body>
${header(overview)}
<main>
${figures(overview)}
<div class="health">${healthRates.map((rate) => healthCard(rate, summary, thresholds))}</div>
${chartCards(overview)}
${products(byProduct)}
${breakdown(overview)}
<div class="grid2 tables">${reasons(overview)}${testers(overview)}</div>
`
  const names = new Map(byProduct.map(({ productId, product }) => [productId, product]))
  const columns = testColumns(names)
  yield html`<section class="card wider tests"><h2>Tests</h2>${summary.tests <= openTests ? html`<details open>` : html`<details>`}<summary>${counted(summary.tests, 'test')}, the latest end first</summary>${
    tableStart(columns, { caption: 'Tests, the latest end first' })}`
  for await (const { tests } of pages) yield tableRows(columns, tests)
  yield html`${tableEnd}</details></section>
</main>
<footer class="foot"><dl>${rateKeys.map((rate) => html`<div><dt>${rateNames[rate]} rate:</dt> <dd>${rateMeanings[rate]}</dd></div>`)}<div><dt>–</dt> <dd>there is nothing to divide by</dd></div></dl></footer>
</body>
</html>
`
}

function header(overview: QualityOverview): Html {
  const { byProduct, warnings } = overview
  const notes = warnings.length === 0 ? null : html`<div class="note" role="note"><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>`
  // The products are the heading; their ids stand in their table.
  const facts = scopeFacts(overview).slice(1)
  return html`<header class="top"><p class="kicker">Quality report</p><h1><bdi>${productNames(byProduct)}</bdi></h1><dl class="facts">${
    facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${plainText(value)}</dd></div>`)}</dl>${notes}</header>`
}

function figures({ summary }: QualityOverview): Html {
  const shown: readonly (readonly [string, string])[] = [
    ['Tests', count(summary.tests)], ['Bugs', count(summary.bugs)], ['Bugs per test', ratioText(summary.bugsPerTest)], ['Critical bugs', count(summary.bugsBySeverity.critical)],
    ['Overall acceptance', share(summary.overallAcceptanceRate)], ['Active acceptance', share(summary.activeAcceptanceRate)],
  ]
  return html`<dl class="figures">${shown.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}

function products(byProduct: readonly QualityOfProduct[]): Html {
  return html`<section class="card wider long"><h2>Products</h2>${table<QualityOfProduct>([
    { head: 'Product', cell: ({ product, productId }) => html`<bdi>${plainText(product)}</bdi> <span class="id">${productId}</span>` },
    { head: 'Tests', number: true, cell: ({ tests }) => count(tests) },
    { head: 'Bugs', number: true, cell: ({ bugs }) => count(bugs) },
    { head: 'Per test', number: true, cell: ({ bugsPerTest }) => ratioText(bugsPerTest) },
    { head: 'Critical', number: true, cell: ({ bugsBySeverity }) => count(bugsBySeverity.critical) },
    { head: 'Open', number: true, cell: ({ bugsByOutcome }) => count(bugsByOutcome.open) },
    ...healthRates.map((rate) => ({ head: rateNames[rate], number: 'judged', cell: (product: QualityOfProduct) => judgedShare(product[rate], product.health[rate]) } as const)),
  ], byProduct, { caption: 'Figures of every product' })}</section>`
}

function breakdown({ summary }: QualityOverview): Html {
  const { critical, high, low } = summary.bugsBySeverity
  const rows: readonly (readonly [string, string])[] = [
    ['Bugs by severity', listed({ critical, high, low })], ['Bugs by kind', listed(summary.bugsByKind)],
    ['Tests by status', listed(summary.testsByStatus)], ['Tests by type', listed(summary.testsByType)],
  ]
  return html`<section class="card wider words"><h2>Kinds and statuses</h2>${table<(typeof rows)[number]>([
    { head: 'What', cell: ([label]) => label }, { head: 'How many', cell: ([, value]) => value },
  ], rows, { caption: 'Bugs by severity and kind, tests by status and type' })}</section>`
}

function reasons({ rejectionReasons, summary }: QualityOverview): Html {
  const content = rejectionReasons.length === 0 ? html`<p class="empty">No bug was rejected.</p>` : table<(typeof rejectionReasons)[number]>([
    { head: 'Reason', cell: ({ reason }) => plainText(words(reason)) },
    { head: 'Bugs', number: true, cell: ({ bugCount }) => count(bugCount) },
    { head: 'Share', number: true, cell: ({ bugCount }) => share(ratio(bugCount, summary.bugsByOutcome.rejected)) },
  ], rejectionReasons, { caption: 'Rejected bugs by reason' })
  return html`<section class="card"><h2>Reasons of rejection</h2>${content}</section>`
}

function testers({ topTesters }: QualityOverview): Html {
  const content = topTesters.length === 0 ? html`<p class="empty">No bug has a tester.</p>` : table<TesterQuality>([
    { head: 'Tester', cell: ({ tester }) => html`<bdi>${plainText(tester)}</bdi>` },
    { head: 'Bugs', number: true, cell: ({ bugCount }) => count(bugCount) },
    { head: 'Severity score', number: true, cell: ({ severityScore }) => count(severityScore) },
    { head: 'Accepted', number: true, cell: ({ overallAcceptanceRate }) => share(overallAcceptanceRate) },
    { head: 'Rejected', number: true, cell: ({ rejectionRate }) => share(rejectionRate) },
  ], topTesters, { caption: 'Testers with the most bugs' })
  return html`<section class="card"><h2>Testers with the most bugs</h2>${content}</section>`
}

function testColumns(names: ReadonlyMap<number, string>): readonly Column<QualityOfTest>[] {
  const product: Column<QualityOfTest> = { head: 'Product', cell: ({ productId }) => html`<bdi>${plainText(names.get(productId) ?? String(productId))}</bdi>` }
  return [
    { head: 'Test', cell: ({ title, testId }) => html`<bdi>${plainText(title)}</bdi> <span class="id">${testId}</span>` },
    ...(names.size > 1 ? [product] : []),
    { head: 'Status', cell: ({ status }) => plainText(words(status)) },
    { head: 'Ended', number: true, cell: ({ endAt }) => day(endAt) },
    { head: 'Bugs', number: true, cell: ({ bugs }) => count(bugs) },
    { head: 'Critical', number: true, cell: ({ bugsBySeverity }) => count(bugsBySeverity.critical) },
    { head: 'Open', number: true, cell: ({ bugsByOutcome }) => count(bugsByOutcome.open) },
    { head: 'Rejection', number: true, cell: ({ rejectionRate }) => share(rejectionRate) },
    { head: 'Review', number: true, cell: ({ reviewRate }) => share(reviewRate) },
  ]
}

const namedProducts = 3
const longestName = 100

function productNames(byProduct: readonly QualityOfProduct[]): string {
  const names = byProduct.map(({ product }) => plainText(product)).map((name) => (name.length <= longestName ? name : `${[...name].slice(0, longestName).join('')}…`))
  if (names.length === 0) return 'no product'
  return names.length <= namedProducts ? names.join(', ') : `${names.slice(0, namedProducts - 1).join(', ')} and ${names.length - namedProducts + 1} more`
}

function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([word, number]) => `${count(number)} ${plainText(words(word))}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

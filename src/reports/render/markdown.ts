/** The report as Markdown (GitHub's), for tickets, wikis and chats. Text of strangers is escaped: it makes no link, image or HTML. */
import { count, counted, day, share } from '../../answers/figures.ts'
import { healthRates, type QualityOfMonth, type QualityOfProduct, type QualityOfTest, type QualityOverview } from '../quality-report.ts'
import type { OpenReport } from '../read-quality.ts'
import { healthWords, ratioText, rateKeys, rateMeanings, rateNames, scopeFacts, thresholdText, words } from './figure-text.ts'
import { plainText } from './plain-text.ts'

type Cell = string
/** A heading that ends in a colon belongs to numbers, which stand to the right. */
type Table<Item> = readonly (readonly [head: string, cell: (item: Item) => Cell])[]

export async function* renderMarkdown({ overview, pages }: OpenReport): AsyncGenerator<string> {
  const { byProduct, trend, topFeatures, platforms, rejectionReasons, topTesters, warnings } = overview
  yield [
    '# Quality report\n',
    scopeFacts(overview).map(([label, value]) => `- **${label}:** ${escaped(value)}\n`).join(''),
    warnings.map((warning) => `> **Note:** ${escaped(warning)}\n`).join('>\n'),
    section('Summary', summaryLines(overview)),
    section('Products', table<QualityOfProduct>([['Product', ({ product, productId }) => `${escaped(product)} (${productId})`], ...countColumns], byProduct)),
    section('Months', table<QualityOfMonth>([['Month', ({ month }) => month ?? 'no date'], ...countColumns], trend)),
    section('Features with the most bugs', table([
      ['Feature', ({ feature, featureId }) => `${escaped(feature ?? 'without a title')} (${featureId})`], ['Tests:', (row) => count(row.testCount)],
      ['Bugs:', (row) => count(row.bugCount)], ['Bugs per test:', (row) => ratioText(row.bugsPerTest)],
    ], topFeatures)),
    section('Bugs by platform and severity', table([
      ['Platform', ({ platform }) => (platform === null ? 'not named' : escaped(platform))], ['Critical:', (row) => count(row.critical)], ['High:', (row) => count(row.high)],
      ['Low:', (row) => count(row.low)], ['Other kinds:', (row) => count(row.otherKinds)], ['Bugs:', (row) => count(row.bugs)],
    ], platforms)),
    section('Reasons of rejection', table([['Reason', ({ reason }) => escaped(words(reason))], ['Bugs:', (row) => count(row.bugCount)]], rejectionReasons)),
    section('Testers with the most bugs', table([
      ['Tester', ({ tester }) => escaped(tester)], ['Bugs:', (row) => count(row.bugCount)], ['Severity score:', (row) => count(row.severityScore)],
      ['Accepted:', (row) => share(row.overallAcceptanceRate)], ['Rejected:', (row) => share(row.rejectionRate)],
    ], topTesters)),
    '\n## Tests\n\n',
    head(testColumns),
  ].join('')
  for await (const { tests } of pages) yield rows(testColumns, tests)
}

type Row = QualityOfMonth | QualityOfProduct

const countColumns: Table<Row> = [
  ['Tests:', (row) => count(row.tests)], ['Bugs:', (row) => count(row.bugs)], ['Per test:', (row) => ratioText(row.bugsPerTest)],
  ...healthRates.map((rate) => [`${rateNames[rate]}:`, (row: Row) => `${share(row[rate])}${mark[row.health[rate]]}`] as const),
]
const mark = { healthy: '', unknown: '', warning: ' (warning)', critical: ' (critical)' } as const

const testColumns: Table<QualityOfTest> = [
  ['Test', ({ title, testId }) => `${escaped(title)} (${testId})`], ['Status', ({ status }) => escaped(words(status))], ['Ended', ({ endAt }) => day(endAt)],
  ['Bugs:', ({ bugs }) => count(bugs)], ['Rejection:', ({ rejectionRate }) => share(rejectionRate)], ['Review:', ({ reviewRate }) => share(reviewRate)],
]

function summaryLines({ summary, thresholds }: QualityOverview): string {
  const { bugsByOutcome: outcome, bugsBySeverity: severity } = summary
  const judged = new Map<string, string>(healthRates.map((rate) => [rate, `**${healthWords[summary.health[rate]]}** (${thresholdText(rate, thresholds[rate])})`]))
  return [
    `${counted(summary.tests, 'test')}, ${counted(summary.bugs, 'bug')}, ${ratioText(summary.bugsPerTest)} bugs per test.\n\n`,
    `- By outcome: ${count(outcome.accepted)} accepted, ${count(outcome.autoAccepted)} auto-accepted, ${count(outcome.rejected)} rejected, ${count(outcome.open)} open, ${count(outcome.other)} other\n`,
    `- By severity: ${count(severity.critical)} critical, ${count(severity.high)} high, ${count(severity.low)} low\n`,
    `- By kind: ${listed(summary.bugsByKind)}\n`,
    `- Tests by status: ${listed(summary.testsByStatus)}\n`,
    `- Tests by type: ${listed(summary.testsByType)}\n\n`,
    table([['Rate', ([name]) => name], ['Value:', ([, value]) => value], ['Health', ([, , health]) => health], ['Meaning', ([, , , meaning]) => meaning]],
      rateKeys.map((rate) => [rateNames[rate], share(summary[rate]), judged.get(rate) ?? '', rateMeanings[rate]] as const)),
  ].join('')
}

function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([word, number]) => `${count(number)} ${escaped(words(word))}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function section(heading: string, content: string): string {
  return content === '' ? '' : `\n## ${heading}\n\n${content}`
}

function table<Item>(columns: Table<Item>, items: readonly Item[]): string {
  return items.length === 0 ? '' : head(columns) + rows(columns, items)
}

function head<Item>(columns: Table<Item>): string {
  return `${line(columns.map(([name]) => name.replace(/:$/u, '')))}${line(columns.map(([name]) => (name.endsWith(':') ? '---:' : '---')))}`
}

function rows<Item>(columns: Table<Item>, items: readonly Item[]): string {
  return items.map((item) => line(columns.map(([, cell]) => cell(item)))).join('')
}

function line(cells: readonly Cell[]): string {
  return `| ${cells.join(' | ')} |\n`
}

/** Every character with a meaning gets a backslash; a dot inside a word too, since it makes a link of `www.example.com`. */
function escaped(text: string): string {
  return plainText(text).replaceAll(/[\\`*_{}[\]<>()#+\-!|~&:@$^=]|\.(?=\S)/gu, String.raw`\$&`)
}

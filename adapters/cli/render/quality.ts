/** The summary of a quality report in the terminal: the figures, the judged rates with words, products, months and features. */
import { count, counted, share } from '../../../src/answers/figures.ts'
import { healthRates, type Health, type QualityOfMonth, type QualityOfProduct, type QualityOverview } from '../../../src/reports/quality-report.ts'
import { healthWords, rangeText, ratioText, rateKeys, rateNames, thresholdText, words } from '../../../src/reports/render/figure-text.ts'
import { facts, freshnessLine, renderPage, section } from './page.ts'
import { renderTable, type Column } from './table.ts'
import type { Style, Terminal } from './terminal.ts'

export function renderQuality(terminal: Terminal, report: QualityOverview): string {
  const { summary, byProduct, trend, topFeatures, scope } = report
  const { bugsByOutcome: outcome, bugsBySeverity: severity } = summary
  return renderPage([
    facts(terminal, [
      ['Tests that ended', scope.testIds === null ? rangeText(scope.range) : `at any time; ${counted(scope.testIds.length, 'test')} named one by one`],
      ['Test statuses', scope.statuses?.map(words).join(', ') ?? 'any'],
      ['Tests', count(summary.tests)],
      ['Bugs', `${count(summary.bugs)}: ${count(outcome.accepted)} accepted, ${count(outcome.autoAccepted)} auto-accepted, ${count(outcome.rejected)} rejected, ${count(outcome.open)} open, ${count(outcome.other)} other`],
      ['Severity', `${count(severity.critical)} critical, ${count(severity.high)} high, ${count(severity.low)} low`],
      ['Bugs per test', ratioText(summary.bugsPerTest)],
    ]),
    section(terminal, 'Rates', renderTable(terminal, rateColumns(report), rateKeys)),
    section(terminal, 'Products', byProduct.length === 0 ? '' : renderTable(terminal, [{ head: 'Product', shrinks: true, text: ({ product }) => product }, { head: 'ID', align: 'right', text: ({ productId }) => String(productId) }, ...partColumns], byProduct)),
    section(terminal, 'Months', trend.length === 0 ? '' : renderTable<QualityOfMonth>(terminal, [{ head: 'Month', text: ({ month }) => month ?? 'no date' }, ...partColumns], trend.slice(-12))),
    section(terminal, 'Features with the most bugs', topFeatures.length === 0 ? '' : renderTable(terminal, [
      { head: 'Feature', shrinks: true, text: ({ feature }) => feature ?? '–' }, { head: 'ID', align: 'right', text: ({ featureId }) => String(featureId) },
      { head: 'Tests', align: 'right', text: ({ testCount }) => count(testCount) }, { head: 'Bugs', align: 'right', text: ({ bugCount }) => count(bugCount) },
      { head: 'Per test', align: 'right', text: ({ bugsPerTest }) => ratioText(bugsPerTest) },
    ], topFeatures)),
    freshnessLine(terminal, report.freshness),
  ])
}

const styles: Readonly<Record<Health, Style>> = { healthy: 'green', warning: 'yellow', critical: 'red', unknown: 'dim' }

function rateColumns({ summary, thresholds }: QualityOverview): readonly Column<(typeof rateKeys)[number]>[] {
  const judged = (rate: (typeof rateKeys)[number]) => healthRates.find((known) => known === rate)
  return [
    { head: 'Rate', text: (rate) => rateNames[rate] },
    { head: 'Value', align: 'right', text: (rate) => share(summary[rate]) },
    { head: 'Health', text: (rate) => { const name = judged(rate); return name === undefined ? '' : healthWords[summary.health[name]] }, style: (rate) => { const name = judged(rate); return name && styles[summary.health[name]] } },
    { head: 'Thresholds', shrinks: true, spare: true, text: (rate) => { const name = judged(rate); return name === undefined ? '' : thresholdText(name, thresholds[name]) } },
  ]
}

const partColumns: readonly Column<QualityOfMonth | QualityOfProduct>[] = [
  { head: 'Tests', align: 'right', text: ({ tests }) => count(tests) },
  { head: 'Bugs', align: 'right', text: ({ bugs }) => count(bugs) },
  ...healthRates.map((rate): Column<QualityOfMonth | QualityOfProduct> => ({
    head: rateNames[rate], align: 'right', text: (part) => `${share(part[rate])}${marks[part.health[rate]]}`, style: ({ health }) => (marks[health[rate]] === '' ? undefined : styles[health[rate]]),
  })),
]
/** For those who see no colours. */
const marks: Readonly<Record<Health, string>> = { healthy: '', unknown: '', warning: ' !', critical: ' !!' }

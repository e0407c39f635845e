/** `tidemark query`: counts and rates by dimensions, as a table, JSON or CSV. */
import { Option, type Command } from 'commander'
import type { AnalyticsAnswer } from '../../../src/analytics/question.ts'
import { count, counted } from '../../../src/answers/figures.ts'
import { conditionsValue, countValue, textsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { addFormatOption, readFormat } from '../output-format.ts'
import { answerRows, askedColumns, csvFields, figureOf, tableColumns, type AnswerRow, type AskedColumns } from '../query/answer-rows.ts'
import { barColumn } from '../query/bars.ts'
import { toQuestion, type QueryFlags } from '../query/question.ts'
import { cleanText } from '../render/clean-text.ts'
import { renderCsv } from '../render/csv.ts'
import { freshnessLine, prose, renderPage } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { withTidemark } from '../session.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Counts tests and bugs, and divides them: per product, month, severity, tester, … "tidemark metrics" says what there is and what it means.')
    .requiredOption('--metrics <keys>', 'what to count, for example bug_count,rejection_rate', textsValue)
    .option('--by, --dimensions <keys>', 'what to group by, up to four, for example month,severity', textsValue)
    .option('--where <condition>', 'KEY=VALUES or KEY!=VALUES; may be given several times', conditionsValue)
    .option('--from <when>', 'tests that ended since: a date, or a phrase like "last quarter"')
    .option('--to <when>', 'tests that ended until: a date (that day included) or a phrase')
    .option('--time-zone <zone>', 'IANA zone of days, weeks and months (default: UTC)')
    .option('--sort-by <key>', 'one of the metrics or dimensions (default: time, else the first metric)')
    .addOption(new Option('--sort-order <order>', 'direction').choices(['asc', 'desc']))
    .option('--limit <n>', 'rows, 1 to 1000 (default: 100)', countValue)
    .option('--cursor <cursor>', 'goes on behind the rows that named it')
    .option('--other', 'one more row for all groups behind the limit')
    .addOption(new Option('--compare <range>', 'with the same length of time before').choices(['previous']))
    .option('--drill', 'with the ids of the tests and bugs behind each row')
  addFormatOption(command)
  command
    .addHelpText('after', examples([
      'tidemark query --metrics bug_count --by severity --from "last quarter"',
      'tidemark query --metrics bug_count,rejection_rate --by month --where product_id=598',
      'tidemark query --metrics bug_count --by tester --limit 5 --other',
      "tidemark query --metrics review_rate --by product --where 'outcome!=other' --format csv",
    ]))
    .action(async () => {
      const { format, flags } = readFormat<QueryFlags>(command, invocation)
      const question = toQuestion(flags)
      const answer = await withTidemark(invocation, [], (tidemark) => tidemark.analytics.query(question))
      if (format === 'json') return invocation.printJson(answer)
      const asked = askedColumns(flags)
      for (const warning of answer.warnings) invocation.warn(warning)
      if (format === 'table') return invocation.print(renderAnswer(invocation.out, asked, answer))
      invocation.print(renderCsv(csvFields(asked), answer.rows))
      if (answer.nextCursor !== null) invocation.note(`${positionText(answer)}. Next rows: the same command with --cursor ${answer.nextCursor}`)
    })
}

function renderAnswer(terminal: Terminal, asked: AskedColumns, answer: AnalyticsAnswer): string {
  const rows = answerRows(asked, answer)
  const columns = tableColumns(asked)
  const { nextCursor } = answer
  return renderPage([
    rows.length === 0 ? '' : renderTable(terminal, [...columns, ...barsFor(terminal, asked, answer, columns, rows)], rows),
    `${positionText(answer)}.\n${nextCursor === null ? '' : terminal.style('dim', `Next rows: the same command with --cursor ${nextCursor}\n`)}`,
    `${prose(terminal, cleanText(answer.explanation))}${freshnessLine(terminal, answer.freshness)}`,
  ])
}

/** Where a chart of one bar for each row would be honest, and somebody looks. */
function barsFor(
  terminal: Terminal, { dimensions, metrics: [metric] }: AskedColumns, { chart }: AnalyticsAnswer, columns: readonly Column<AnswerRow>[], rows: readonly AnswerRow[],
): readonly Column<AnswerRow>[] {
  if (!terminal.interactive || metric === undefined || dimensions.length !== 1 || !['bar', 'pie', 'line'].includes(chart.type)) return []
  return barColumn(terminal.width, columns, rows, (row) => (row.kind === 'group' ? figureOf(row, metric.key) : null))
}

function positionText({ rows, totalRows }: AnalyticsAnswer): string {
  const shown = rows.filter(({ other }) => other !== true).length
  if (totalRows === 0) return 'No groups'
  return shown === totalRows ? counted(totalRows, 'group') : `${count(shown)} of ${counted(totalRows, 'group')}`
}

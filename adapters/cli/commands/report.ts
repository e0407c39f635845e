/** `tidemark report`: the quality report, as a file, as a document on standard output, or as a summary in the terminal. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { counted } from '../../../src/answers/figures.ts'
import { TidemarkError } from '../../../src/errors.ts'
import type { GivenThresholds, QualityInput, ReportFormat } from '../../../src/reports/quality-report.ts'
import type { Tidemark } from '../../../src/tidemark.ts'
import { reportFormatOf } from '../../node/report-format.ts'
import { parseThresholds, rateNames } from '../../node/threshold-text.ts'
import { writeWholeFile } from '../../node/whole-file.ts'
import { idsValue, textsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { requireOneFormat } from '../output-format.ts'
import { cleanText } from '../render/clean-text.ts'
import { bytes } from '../render/figures.ts'
import { renderQuality } from '../render/quality.ts'
import { withTidemark } from '../session.ts'

interface ReportFlags {
  readonly productIds: readonly number[]
  readonly testIds?: readonly number[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly statuses?: readonly string[] | undefined
  readonly threshold?: GivenThresholds | undefined
  readonly out?: string | undefined
  readonly overwrite?: boolean | undefined
  readonly format?: ReportFormat | undefined
}

const formatNames = { html: 'html', markdown: 'markdown', md: 'markdown', json: 'json', csv: 'csv' } as const satisfies Readonly<Record<string, ReportFormat>>

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'How good the tests of some products are: tests, bugs, acceptance and rejection, by product, month, feature, platform and test.\n' +
        'With --out as a file (HTML with charts, Markdown, JSON, or CSV of the tests); without it a summary here.',
    )
    .requiredOption('--products, --product-ids <ids>', 'one or more products', idsValue)
    .option('--tests, --test-ids <ids>', 'only these tests, whatever their status; not with a range or statuses', idsValue)
    .option('--from <when>', 'tests that ended since: a date, or a phrase like "last quarter"')
    .option('--to <when>', 'tests that ended until: a date (that day included) or a phrase')
    .option('--statuses <statuses>', 'statuses of tests (default: running, locked, archived, customer_finalized)', textsValue)
    .option('--threshold <rate=warning,critical>', `of ${rateNames.join(', ')}; may be given several times, for example rejection_rate=0.1,0.2`, thresholdValue)
    .option('--out <file>', 'write it there; .html, .md, .json or .csv')
    .option('--overwrite', 'with --out: replace a file that is there')
    .addOption(new Option('--format <format>', 'print the document instead of a summary').choices(Object.keys(formatNames)).argParser(formatValue))
    .addHelpText('after', examples([
      'tidemark report --products 598', 'tidemark report --products 598 --from "last quarter" --out report.html',
      'tidemark report --products 598,612 --threshold rejection_rate=0.1,0.2 --format md',
    ]))
    .action(async () => {
      const flags = command.opts<ReportFlags>()
      await withTidemark(invocation, [], (tidemark) => report(invocation, tidemark, flags))
    })
}

async function report(invocation: Invocation, tidemark: Tidemark, { out, overwrite, format, threshold, ...scope }: ReportFlags): Promise<void> {
  const input: QualityInput = { ...scope, thresholds: threshold }
  if (out !== undefined) return save(invocation, tidemark, input, out, reportFormatOf(out, format), overwrite)
  if (overwrite === true) throw onlyWithOut()
  requireOneFormat(invocation.flags.json, format)
  const printed = invocation.flags.json === true ? 'json' : format
  if (printed !== undefined) return print(invocation, tidemark, input, printed)
  const overview = await tidemark.reports.quality({ ...input, limit: 1 })
  for (const warning of overview.warnings) invocation.warn(warning)
  invocation.print(renderQuality(invocation.out, overview))
}

async function save(invocation: Invocation, tidemark: Tidemark, input: QualityInput, name: string, format: ReportFormat, overwrite: boolean | undefined): Promise<void> {
  const place = { name, folder: invocation.io.cwd, overwrite }
  const { result: { rows, overview }, ...file } = await writeWholeFile(place, (sink) => tidemark.reports.writeQuality(input, format, sink))
  for (const warning of overview.warnings) invocation.warn(warning)
  if (invocation.flags.json === true) return invocation.printJson({ format, ...file, rows })
  invocation.print(`Wrote ${cleanText(file.path)}: ${counted(rows, 'test')}, ${counted(overview.summary.bugs, 'bug')}, ${bytes(file.bytes)}.\n`)
}

/** Collected first, so that a slow reader does not hold up the database. */
async function print(invocation: Invocation, tidemark: Tidemark, input: QualityInput, format: ReportFormat): Promise<void> {
  const pieces: string[] = []
  const { overview } = await tidemark.reports.writeQuality(input, format, { begin: () => void pieces.splice(0), write: (text) => void pieces.push(text) })
  // The other documents hold them.
  if (format === 'csv') for (const warning of overview.warnings) invocation.warn(warning)
  for (const text of pieces) invocation.print(text)
}

function formatValue(text: string): ReportFormat {
  const name = Object.keys(formatNames).find((known): known is keyof typeof formatNames => known === text)
  if (name === undefined) throw new InvalidArgumentError(`Allowed choices are ${Object.keys(formatNames).join(', ')}.`)
  return formatNames[name]
}

function thresholdValue(text: string, before: GivenThresholds = {}): GivenThresholds {
  const given = parseThresholds(text)
  if (given === null) throw new InvalidArgumentError(`It must be a rate with two fractions from 0 to 1, or percentages: ${rateNames.join(', ')}=0.1,0.2.`)
  return { ...before, ...given }
}

function onlyWithOut(): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot report on quality', {
    why: '--overwrite is about a file, and none is written.',
    next: 'Add --out with a file name, or leave it out.',
  })
}

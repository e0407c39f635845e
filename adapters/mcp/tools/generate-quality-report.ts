/** `generate_quality_report`: the quality report as data, as a document, or as a file in the folder for reports. */
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { TidemarkError } from '../../../src/errors.ts'
import { reportFormats, type QualityInput, type ReportFormat } from '../../../src/reports/quality-report.ts'
import { reportFormatOf } from '../../node/report-format.ts'
import { maxAnswerCharacters, readToFit } from '../answer-size.ts'
import { answerNotes, bugRates, freshness, idArgument, ids, optionalText, severityCounts, whole, word, words } from '../schema-parts.ts'
import { savedReportUri } from '../resources/report.ts'
import { snakeCased } from '../snake-cased.ts'
import { tool, type ToolCall } from '../tool.ts'

const ratio = v.nullable(v.number())
const byWord = v.record(v.string(), whole)
const health = v.picklist(['healthy', 'warning', 'critical', 'unknown'])
const counts = {
  tests: whole,
  bugs: whole,
  bugs_by_outcome: v.strictObject({ accepted: whole, auto_accepted: whole, rejected: whole, open: whole, other: whole }),
  bugs_by_severity: severityCounts,
  bugs_by_kind: byWord,
  bugs_per_test: ratio,
  ...bugRates.entries,
}
const figures = {
  ...counts,
  tests_by_status: byWord,
  tests_by_type: byWord,
  health: v.strictObject({ rejection_rate: health, auto_acceptance_rate: health, review_rate: health }),
}
const threshold = v.strictObject({ warning: v.number(), critical: v.number() })
const fraction = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))
const givenThreshold = v.optional(v.strictObject({ warning: fraction, critical: fraction }))

const report = {
  scope: v.strictObject({
    statuses: v.nullable(v.array(v.string())),
    range: v.strictObject({ from: optionalText, to: optionalText, field: v.literal('end_at'), time_zone: v.string() }),
    product_ids: v.array(whole), test_ids: v.nullable(v.array(whole)),
  }),
  generated_at: v.string(),
  summary: v.strictObject(figures),
  thresholds: v.strictObject({ rejection_rate: threshold, auto_acceptance_rate: threshold, review_rate: threshold }),
  by_product: v.pipe(v.array(v.strictObject({ product_id: whole, product: v.string(), ...figures })), v.description('product_id, product, and as summary')),
  trend: v.pipe(v.array(v.strictObject({ month: optionalText, ...figures })), v.description('month?, and as summary')),
  top_features: v.array(v.strictObject({ feature_id: whole, feature: optionalText, test_count: whole, bug_count: whole, bugs_per_test: ratio })),
  platforms: v.array(v.strictObject({ platform: optionalText, critical: whole, high: whole, low: whole, other_kinds: whole, bugs: whole })),
  rejection_reasons: v.array(v.strictObject({ reason: v.string(), bug_count: whole })),
  top_testers: v.array(v.strictObject({ tester: v.string(), bug_count: whole, severity_score: whole, overall_acceptance_rate: ratio, rejection_rate: ratio })),
  warnings: v.array(v.string()),
  freshness,
  by_test: v.pipe(
    v.array(v.strictObject({ test_id: whole, title: v.string(), product_id: whole, status: v.string(), testing_type: optionalText, start_at: optionalText, end_at: optionalText, ...counts })),
    v.description('test_id, title, product_id, status, testing_type?, start_at?, end_at?, and counts and rates as summary; latest end first'),
  ),
  next_cursor: optionalText,
}

const saved = { uri: v.string(), path: v.string(), bytes: whole, sha256: v.string(), rows: whole }
const output = v.strictObject({
  ...v.partial(v.strictObject(report)).entries,
  text: v.optional(v.pipe(v.string(), v.description('With format markdown or csv'))),
  ...v.partial(v.strictObject(saved)).entries,
  ...answerNotes,
})

export const generateQualityReport = tool({
  name: 'generate_quality_report',
  title: 'Quality report',
  description:
    'A whole quality report on products: tests, bugs and acceptance with health against thresholds, by product, month, feature, platform, reason, tester and test. '
    + 'Use it for reviews and reports; for one number query_metrics is enough. With save_as it goes into a file (html has charts) and the answer is only where. '
    + 'Blocks but by_test come with the first page.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  readOnlyHints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: v.strictObject({
    product_ids: v.pipe(v.array(idArgument), v.minLength(1), v.maxLength(1000), v.description('From list_products')),
    test_ids: ids('Only these, of any status; not with from, to, statuses'),
    from: word('Test end: "last quarter", 2025-07-01'),
    to: word('End; a bare day is included'),
    statuses: words('Default: the executed ones'),
    thresholds: v.optional(
      v.pipe(v.strictObject({ rejection_rate: givenThreshold, auto_acceptance_rate: givenThreshold, review_rate: givenThreshold }), v.description('Fractions; default as echoed')),
    ),
    format: v.optional(v.pipe(v.picklist(reportFormats), v.description('Default json; html only with save_as'))),
    save_as: word('Name of a new file: review.html, .md, .json, .csv'),
    limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(500), v.description('Tests a page')), 50),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(4000), v.description('next_cursor; keep all else'))),
  }),
  output,
  async run({ format, save_as, limit, cursor, ...scope }, call) {
    const input = inputOf(scope)
    if (save_as !== undefined) return save(input, save_as, format, call)
    switch (format) {
      case undefined:
      case 'json':
        return readReport({ ...input, cursor }, limit, call)
      case 'html':
        throw refused('A page with charts is too long for an answer.', 'Give save_as, for example "report.html", or format markdown.')
      default:
        return readText(input, format, call)
    }
  },
})

interface Scope extends Omit<QualityInput, 'productIds' | 'testIds' | 'thresholds' | 'limit' | 'cursor'> {
  readonly product_ids: readonly number[]
  readonly test_ids?: readonly number[] | undefined
  readonly thresholds?: { readonly [Rate in keyof v.InferOutput<typeof report.thresholds>]?: v.InferOutput<typeof givenThreshold> } | undefined
}

function inputOf({ product_ids: productIds, test_ids: testIds, thresholds, ...rest }: Scope): QualityInput {
  return {
    ...rest, productIds, testIds,
    thresholds: thresholds && { rejectionRate: thresholds.rejection_rate, autoAcceptanceRate: thresholds.auto_acceptance_rate, reviewRate: thresholds.review_rate },
  }
}

async function readReport(input: QualityInput, asked: number, { tidemark }: ToolCall) {
  return readToFit(
    asked,
    async (limit) => {
      const { by_test, next_cursor, truncated, scope, warnings, freshness: age, ...blocks } = snakeCased(await tidemark.reports.quality({ ...input, limit }))
      return { ...(input.cursor === undefined ? blocks : {}), scope, warnings, freshness: age, by_test, next_cursor, ...(truncated ? { truncated } : {}) }
    },
    ({ by_test }) => by_test,
    'by_test was cut because of its length: go on with next_cursor.',
  )
}

/** As much of the document as an answer takes. */
async function readText(input: QualityInput, format: ReportFormat, { tidemark }: ToolCall) {
  let text = ''
  const { rows } = await tidemark.reports.writeQuality(input, format, { begin: () => void (text = ''), write: (piece) => void (text += piece) })
  // Its JSON has more characters than it has itself; an eighth of the room is for that, and for the notes.
  for (let room = maxAnswerCharacters; room > 0; room -= maxAnswerCharacters / 8) {
    const shown = text.length <= room ? text : text.slice(0, text.lastIndexOf('\n', room) + 1)
    if (JSON.stringify(shown).length > maxAnswerCharacters * 0.95) continue
    return shown === text ? { text, rows } : { text: shown, truncated: true, hint: 'The document was cut at a row because of its length: save_as writes all of it.' }
  }
  throw refused('A row of the document is too long for an answer.', 'Give save_as.')
}

async function save(input: QualityInput, name: string, format: ReportFormat | undefined, { tidemark, environment }: ToolCall) {
  if (environment.readOnly) throw refused('This server is read-only and writes no files.', 'Leave save_as out and answer from the report itself.')
  if (environment.reportsFolder === null) throw refused('This server has no folder for reports.', 'Leave save_as out and answer from the report itself.')
  const { writeWholeFile } = await import('../../node/whole-file.ts')
  const place = { name, folder: environment.reportsFolder, confined: true }
  const chosen = reportFormatOf(name, format)
  const { path, bytes, sha256, result } = await writeWholeFile(place, (sink) => tidemark.reports.writeQuality(input, chosen, sink))
  return { uri: savedReportUri(environment.reportsFolder, path) ?? pathToFileURL(path).href, path, bytes, sha256, rows: result.rows }
}

function refused(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot make this report', { why, next })
}

/** Which format a report file has, by its name. */
import path from 'node:path'
import { TidemarkError } from '../../src/errors.ts'
import type { ReportFormat } from '../../src/reports/quality-report.ts'

const byExtension: Readonly<Record<string, ReportFormat>> = { '.html': 'html', '.htm': 'html', '.md': 'markdown', '.markdown': 'markdown', '.json': 'json', '.csv': 'csv' }

/**
 * @param format what was asked for; left out: what the name says
 * @throws TidemarkError `argument_invalid` when neither says it, or the two say different things
 */
export function reportFormatOf(fileName: string, format: ReportFormat | undefined): ReportFormat {
  const named = byExtension[path.extname(fileName).toLowerCase()]
  if (named !== undefined && format !== undefined && named !== format) {
    throw refused(`The name ends like ${named} and the format is ${format}.`, 'Let them agree, or leave the format out.')
  }
  const known = named ?? format
  if (known === undefined) throw refused('Its name does not tell the format.', 'Let it end in .html, .md, .json or .csv.')
  return known
}

function refused(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot save the report', { why, next })
}

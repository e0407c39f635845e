/** `tidemark.reports`: the report as a value, and as a document that is written piece by piece. */
import type { QueryContext } from '../repositories/context.ts'
import type { QualityOfTest, ReportFormat, Reports, Thresholds } from './quality-report.ts'
import { readQuality } from './read-quality.ts'
import { renderCsv } from './render/csv.ts'
import { renderJson } from './render/json.ts'
import { renderMarkdown } from './render/markdown.ts'
import type { Renderer } from './render/renderer.ts'
import type { TestPage } from './test-pages.ts'

export function createReports(context: QueryContext, thresholds: Thresholds): Reports {
  return {
    thresholds,
    quality: (input) => readQuality(context, thresholds, input, async ({ overview, pages, cursorBehind }) => {
      const byTest: QualityOfTest[] = []
      let nextCursor: string | null = null
      for await (const page of pages) {
        byTest.push(...page.tests)
        nextCursor = cursorBehind(page)
      }
      return { ...overview, byTest, truncated: nextCursor !== null, nextCursor }
    }),
    writeQuality: async (input, format, sink) => {
      const render = await rendererOf(format)
      return readQuality(context, thresholds, input, async (report) => {
        let rows = 0
        const pages = counted(report.pages, (tests) => (rows += tests))
        await sink.begin()
        for await (const text of render({ ...report, pages })) await sink.write(text)
        return { rows, overview: report.overview }
      })
    },
  }
}

async function rendererOf(format: ReportFormat): Promise<Renderer> {
  switch (format) {
    case 'json': return renderJson
    case 'markdown': return renderMarkdown
    case 'csv': return renderCsv
    // With its charts, which nobody else needs.
    case 'html': return (await import('./html/page.ts')).renderHtml
    default: throw new TypeError(`unknown format ${String(format satisfies never)}`)
  }
}

async function* counted(pages: AsyncIterable<TestPage>, count: (tests: number) => void): AsyncGenerator<TestPage> {
  for await (const page of pages) {
    count(page.tests.length)
    yield page
  }
}

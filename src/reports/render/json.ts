/** The report as one JSON document in snake_case, one test a line. */
import { toSnakeCase } from '../../answers/snake-case.ts'
import type { OpenReport } from '../read-quality.ts'

export async function* renderJson({ overview, pages, cursorBehind }: OpenReport): AsyncGenerator<string> {
  // Open at its end, for the tests.
  yield `${JSON.stringify(toSnakeCase(overview), null, 2).replace(/\n\}$/u, '')},\n  "by_test": [`
  let separator = '\n    '
  let nextCursor: string | null = null
  for await (const page of pages) {
    if (page.tests.length > 0) yield separator + page.tests.map((test) => JSON.stringify(toSnakeCase(test))).join(',\n    ')
    if (page.tests.length > 0) separator = ',\n    '
    nextCursor = cursorBehind(page)
  }
  yield `\n  ],\n  "truncated": ${nextCursor !== null},\n  "next_cursor": ${JSON.stringify(nextCursor)}\n}\n`
}

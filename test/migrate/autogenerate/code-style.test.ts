/** What a file of the project shows of its style. */
import { expect, it } from 'vitest'
import { detectStyle } from '../../../src/migrate/autogenerate/code-style.ts'
import { renderRevision } from '../../../src/migrate/autogenerate/render-revision.ts'

it('the style of a file is the style that was used to write it', () => {
  const revision = { id: 'a1', down: [], message: "it's", createdAt: '2026-11-20T18:00:00Z', upgrade: [{ kind: 'dropTable' as const, table: "it's" }], downgrade: [] }
  for (const semicolons of [true, false]) {
    for (const quotes of ['single', 'double'] as const) {
      for (const indent of ['  ', '    ', '\t']) {
        const style = { semicolons, quotes, indent }
        expect(detectStyle(renderRevision(revision, { style }))).toEqual(style)
      }
    }
  }
})

it('texts and comments of a file say nothing about its style', () => {
  const source = `/**
 * A "schema"; with "many" quotes;
 */
import { c, defineSchema, table } from 'tidemark/schema'

export default defineSchema({
    // "users" come first;
    users: table({ name: c.text().default("it's"), quote: c.text().default("'") }),
})
`
  expect(detectStyle(source)).toEqual({ semicolons: false, quotes: 'single', indent: '    ' })
})

it('a file that shows nothing has the style of the documentation', () => {
  for (const source of ['', '// only a comment\n']) expect(detectStyle(source)).toEqual({ semicolons: true, quotes: 'single', indent: '  ' })
})

/** What a file of the project shows of its style. */
import { describe, expect, it } from 'vitest'
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

describe('the style is that of the imports', () => {
  it.each([
    ['whatever follows them', `import { a } from "a"\n\nexport const b = 'b';\nexport const c = 'c';\n`, { semicolons: false, quotes: 'double', indent: '  ' }],
    ['also of one that imports nothing, and of what is exported from elsewhere', `import "a"\nexport { b } from "b"\nf('c');\nf('d');\nf('e', 'f');\n`, { semicolons: false, quotes: 'double', indent: '  ' }],
    ['with Windows line ends and spaces behind them', `import a from 'a'; \r\nimport b from 'b';  \r\nf("x")\r\n`, { semicolons: true, quotes: 'single', indent: '  ' }],
    ['by most of them', `import a from 'a'\nimport b from 'b';\nimport c from "c"\n`, { semicolons: false, quotes: 'single', indent: '  ' }],
  ])('%s', (_, source, style) => {
    expect(detectStyle(source)).toEqual(style)
  })
})

describe('without imports the style is that of the code', () => {
  it.each([
    ['its statements end without semicolons', `const a = f("b")\nif (a) {\n    g(a, [\n        "c",\n    ])\n}\n`, { semicolons: false, quotes: 'double', indent: '    ' }],
    ['its statements end with semicolons', `const a = [\n\t'b',\n\t'c',\n\t'd',\n];\ng(a);\n`, { semicolons: true, quotes: 'single', indent: '\t' }],
    ['lines that only close something count for nothing', `if (a) {\n  if (b) {\n    f();\n  }\n}\n`, { semicolons: true, quotes: 'single', indent: '  ' }],
    ['not that of its comments, and slashes in a text begin none', `f("http://a.b")\n    // it's 'c' and 'd';\n    g()\n`, { semicolons: false, quotes: 'double', indent: '    ' }],
    ['as many with as without', `f()\ng();\n`, { semicolons: true, quotes: 'single', indent: '  ' }],
    ['the smallest indentation is one step, and gaps inside of lines are none', `f({\n        a: 1,\n    b: 2,\n})\ng(  1)\n`, { semicolons: false, quotes: 'single', indent: '    ' }],
  ])('%s', (_, source, style) => {
    expect(detectStyle(source)).toEqual(style)
  })
})

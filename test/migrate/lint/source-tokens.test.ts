/** TypeScript is the referee: what it takes for words, strings and comments is what is found here, at the same lines. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sourceTokens } from '../../../src/migrate/lint/source-tokens.ts'

describe('the source of a revision is cut as TypeScript cuts it', () => {
  it.each([
    { name: 'words', sources: ['await op.dropTable(name)', 'const ünï = $x + _y1 + x$', 'class A { #p = 1; q() { return this.#p } }', 'const a\u200cb = a\u200db', 'const x=1,y=2;'] },
    { name: 'strings', sources: [`f('it', "it's", 'say "so"', '', "")`, `f('a' + 'b')`, `f('😀', 'ü')`, `f('// no', "/* no */", '\`')`] },
    {
      name: 'what a backslash means in them',
      sources: [
        String.raw`f('it\'s', "say \"so\"", '\\', '\\\\', '\q')`, String.raw`f('\n\r\t\b\v\f\0')`, String.raw`f('\x41\x7e', '\u0041\u00e9', '\u{1F600}\u{41}')`,
        `f('one\\\ntwo')\ng()`, `f('one\\\r\ntwo')\ng()`, `f("one\\\n\\\ntwo")\ng()`, String.raw`f("C:\\path\\to")`,
      ],
    },
    { name: 'templates', sources: ['f(`old`)', 'f(``, `a`)', 'f(`it\'s "so"`)', 'f(`one\ntwo`)\ng()', 'f(`a \\` b`, `c`)', 'f(`\\n\\x41\\\\`)', 'f(`$`, `$ {a}`, `a$b`, `\\${c}`, `$$`)', 'f(`// no`)'] },
    {
      name: 'templates with something in them',
      sources: [
        'f(`a ${b} c`)', 'f(`${a}`, b)', 'f(`${a}${b}`, c)', 'f(`a ${b} c ${d} e`, g)', 'f(`a ${`b ${c} d`} e`, g)', 'f(`${{ a: 1 }.a}`, b)', 'f(`${g({ a: `x` })} \'`, b)', 'f(`a\n${b}\nc`)\nd()',
        'f(`$${a}`, b)', 'f(`${a} // no`) // yes', 'f(`${a /* } */} b`)', 'f(`${\'}\'}`, b)', '{ f(`${a}`) } // b', 'f(`${() => { return `${a}` }}`, b)', "f(`it's ${a} it's ${b} it's`, c)",
      ],
    },
    {
      name: 'comments',
      sources: ['// a', '//', 'f() // b // c', '// it\'s `so`\nf()', '/* no */ f()', '/* no\n// no */ f() // yes', '/**/ f() // yes', '/* * / */ f()', '/***/ f()', 'f(/* a */ b, // c\n d)', '// a\r\nf()', '///a', 'f()\n\n\n// four'],
    },
    {
      name: 'regular expressions',
      sources: [
        ...['const a = ', 'f(', 'f(a, ', '[', ';', 'a ? ', 'a ? b : ', '!', 'a && ', 'a || ', '({ a: ', 'a => ', 'typeof ', 'delete ', 'void ', 'throw ', "'a' in ", 'a instanceof ', 'new ', ''].map((before) => `${before}/'/ // c`),
        `function f() { return /'/ }`, `switch (a) { case /'/: b() }`, `for (const a of /'/.exec(b)) c()`, `if (a) b(); else /'/.test(c)`, `do /'/.test(a); while (b)`, `async () => { await /'/ }`, `function* f() { yield /'/ }`,
        String.raw`f(/\/'/, a)`, `f(/[/'\`]/, a)`, String.raw`f(/[\]'/]/, a)`, `f(/a/gu, b)`, `f(/'/g.test(a), /"/)`, `f(/[a][/']/, b)`, `const a = // b\n/'/`, `f(/* a */ /'/)`, `f(/ab+c'/)`, `f(/[ab]+'/)`,
      ],
    },
    { name: 'divisions', sources: [`f(a / b / c, 'd')`, `f((a) / b / c, 'd')`, `f(a[0] / b / c, 'd')`, `f(4 / 2 / 1, 'd')`, `f(4_000.5 / 2 / 0x1f, 'd')`, `f(a /* b */ / c / d, 'e')`, `f('a' / b / 'c')`, `f(this / a / 'b')`, `f({}/a/'b')`, `f(a // b\n / c / 'd')`, 'f(`a` / b / `c`)'] },
  ])('$name', ({ sources }) => {
    for (const source of sources) expect(own(source), source).toEqual(referee(source))
  })

  it.each(['test/migrate/offline/hostile-history.ts', 'test/migrate/lint/excuses.test.ts'])('%s, with the nastiest texts', (name) => {
    const source = readFileSync(resolve(import.meta.dirname, '../../..', name), 'utf8')
    expect(own(source)).toEqual(referee(source))
  })
})

it('a string goes on behind a backslash at the end of a line, whatever ends the line', () => {
  for (const end of ['\n', '\r', '\r\n']) expect(sourceTokens(`'a\\${end}b'`).map(({ value }) => value), JSON.stringify(end)).toEqual(['ab'])
})

it('a comment ends where JavaScript ends a line, also where no editor does', () => {
  for (const end of ['\n', '\r', '\r\n', '\u2028', '\u2029']) expect(sourceTokens(`// a${end}b`).map(({ value }) => value), JSON.stringify(end)).toEqual([' a', 'b'])
})

/** Without numbers and regular expressions, which nobody asks for. */
function own(source: string): readonly string[] {
  return sourceTokens(source).filter(({ kind }) => kind !== 'other').map(({ kind, value, line }) => `${line} ${kind} ${value}`)
}

function referee(source: string): readonly string[] {
  const file = ts.createSourceFile('revision.ts', source, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const push = (position: number, kind: string, value: string | undefined): void => void found.push(`${file.getLineAndCharacterOfPosition(position).line + 1} ${kind} ${value}`)
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child))
    if (children.length > 0) return children.forEach(visit)
    const start = node.getStart(file)
    for (const comment of commentsIn(source.slice(node.pos, start))) push(node.pos + comment.at, 'comment', comment.text)
    const text = node.getText(file)
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) push(start, 'string', node.text)
    else if (ts.isTemplateHead(node) || ts.isTemplateTail(node)) push(start, 'string', undefined)
    else if (ts.isTemplateMiddle(node) || ts.isNumericLiteral(node) || ts.isBigIntLiteral(node) || ts.isRegularExpressionLiteral(node)) return
    else if (/^[\p{ID_Start}$_#]/u.test(text)) push(start, 'word', text)
    else for (const symbol of text) push(start, 'symbol', symbol)
  }
  visit(file)
  return found
}

function commentsIn(trivia: string): readonly { readonly at: number; readonly text: string }[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, trivia)
  const found: { readonly at: number; readonly text: string }[] = []
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia) found.push({ at: scanner.getTokenStart(), text: scanner.getTokenText().slice(2) })
  }
  return found
}

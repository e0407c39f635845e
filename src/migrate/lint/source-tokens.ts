/**
 * Cuts the source of a revision, TypeScript or JavaScript, into tokens: enough to find calls and comments without being
 * misled by strings, templates and regular expressions. No parser.
 */

export interface SourceToken {
  /** `comment`: one that begins with two slashes; others are left out. */
  readonly kind: 'word' | 'string' | 'symbol' | 'comment' | 'other'
  /** Of a string what it means; of a comment what stands behind the slashes. Undefined for a template with something in it. */
  readonly value: string | undefined
  /** From 1. */
  readonly line: number
}

const lexeme =
  /(?<space>\s+|\/\*[^]*?\*\/)|\/\/(?<comment>[^\n\r\u2028\u2029]*)|(?<string>'(?:[^'\\\n]|\\(?:\r\n|[^]))*'|"(?:[^"\\\n]|\\(?:\r\n|[^]))*")|(?<word>[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*)|(?<number>\d[\w.]*)|(?<symbol>[^])/uy
const template = /(?<text>(?:[^`\\$]|\\[^]|\$(?!\{))*)(?<end>`|\$\{|$)/uy
const expression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy

// A slash behind one of these begins a regular expression, behind any other word or a closing bracket it divides.
const beforeExpression = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'instanceof', 'await', 'yield'])

export function sourceTokens(source: string): readonly SourceToken[] {
  const tokens: SourceToken[] = []
  // Of each open `{`: whether it is the `${` of a template, which goes on behind its `}`.
  const braces: boolean[] = []
  let at = 0
  let line = 1
  const passed = (text: string): void => {
    at += text.length
    line += text.split('\n').length - 1
  }
  const push = (kind: SourceToken['kind'], value: string | undefined): void => void tokens.push({ kind, value, line })
  const templateFrom = (isFirst: boolean): void => {
    template.lastIndex = at
    const { text = '', end = '' } = template.exec(source)?.groups ?? {}
    if (isFirst || end !== '${') push('string', isFirst && end === '`' ? unescaped(text) : undefined)
    passed(text + end)
    if (end === '${') braces.push(true)
  }
  while (at < source.length) {
    lexeme.lastIndex = at
    const match = lexeme.exec(source)
    const groups = match?.groups ?? {}
    const text = match?.[0] ?? source.slice(at)
    if (text === '/' && beginsExpression(tokens)) {
      expression.lastIndex = at
      const literal = expression.exec(source)?.[0] ?? text
      push('other', undefined)
      passed(literal)
      continue
    }
    if (groups['comment'] !== undefined) push('comment', groups['comment'])
    else if (groups['string'] !== undefined) push('string', unescaped(text.slice(1, -1)))
    else if (groups['word'] !== undefined) push('word', text)
    else if (groups['number'] !== undefined) push('other', undefined)
    else if (groups['symbol'] !== undefined && text !== '`') push('symbol', text)
    passed(text)
    if (text === '`') templateFrom(true)
    if (text === '{') braces.push(false)
    if (text === '}' && braces.pop() === true) {
      tokens.pop()
      templateFrom(false)
    }
  }
  return tokens
}

function beginsExpression(tokens: readonly SourceToken[]): boolean {
  const last = tokens.findLast((token) => token.kind !== 'comment')
  if (last === undefined) return true
  if (last.kind === 'word') return beforeExpression.has(last.value ?? '')
  return last.kind === 'symbol' && ![')', ']', '}'].includes(last.value ?? '')
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|(\r\n|[^]))/giu, (_, braced?: string, four?: string, two?: string, letter = '') => {
    const code = braced ?? four ?? two
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
    return simpleEscapes[letter] ?? letter
  })
}

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f', '0': '\0', '\n': '', '\r\n': '', '\r': '' }

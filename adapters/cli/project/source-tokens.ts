/**
 * JavaScript or TypeScript text cut into tokens, as far as reading an object literal needs it: strings, names, numbers and
 * punctuation apart, comments gone, regular expressions and templates as one. Not a parser: text that it is not sure
 * about gives null, and the reader has to find another way.
 */

export type Token =
  | { readonly kind: 'string'; readonly value: string }
  /** A name, a keyword or a number. */
  | { readonly kind: 'word'; readonly value: string }
  /** One character. */
  | { readonly kind: 'sign'; readonly value: string }
  /** A regular expression, or a template with something put in. */
  | { readonly kind: 'opaque' }

/** Null where the text cannot be cut with certainty. */
export function tokensOf(source: string): readonly Token[] | null {
  const tokens: Token[] = []
  const end = readUntil(source, 0, tokens, false)
  return end === source.length ? tokens : null
}

const space = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[\p{ID_Start}$_#\d][\p{ID_Continue}$\u200c\u200d]*/uy
const quoted = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const regularExpression = /\/(?![*/])(?:[^\\/[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y

/** The position behind the text, or behind the `}` that ends a part of a template; -1 where it cannot be read. */
function readUntil(source: string, start: number, tokens: Token[], insideTemplate: boolean): number {
  let at = start
  let depth = 0
  const taken = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  while (at < source.length) {
    if (taken(space) !== null) continue
    const text = taken(quoted)
    const name = text === null ? taken(word) : null
    const sign = source.charAt(at)
    if (text !== null) {
      const value = unescaped(text.slice(1, -1))
      if (value === null) return -1
      tokens.push({ kind: 'string', value })
    } else if (name !== null) {
      tokens.push({ kind: 'word', value: name })
    } else if (sign === '`') {
      const template = readTemplate(source, at)
      if (template === null) return -1
      tokens.push(template.token)
      at = template.end
    } else if (sign === '/' && !endsValue(tokens.at(-1))) {
      if (taken(regularExpression) === null) return -1
      tokens.push({ kind: 'opaque' })
    } else if (sign === "'" || sign === '"') {
      return -1
    } else {
      at += 1
      if (insideTemplate && sign === '}' && depth === 0) return at
      depth += sign === '{' ? 1 : sign === '}' ? -1 : 0
      tokens.push({ kind: 'sign', value: sign })
    }
  }
  return insideTemplate ? -1 : at
}

function readTemplate(source: string, start: number): { readonly token: Token; readonly end: number } | null {
  let plain = true
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === '`') {
      const value = plain ? unescaped(source.slice(start + 1, at)) : null
      return { token: value === null ? { kind: 'opaque' } : { kind: 'string', value }, end: at + 1 }
    } else if (source.startsWith('${', at)) {
      plain = false
      const end = readUntil(source, at + 2, [], true)
      if (end === -1) return null
      at = end - 1
    }
  }
  return null
}

/** After a value a slash divides, elsewhere it begins a regular expression. */
function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'word') return !/^(return|typeof|case|in|of|delete|void|do|else|await|yield|instanceof|new|throw)$/.test(token.value)
  return token.kind !== 'sign' || [')', ']', '}'].includes(token.value)
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0', '\n': '' }

/** Null for an escape of the rarer kinds. */
function unescaped(text: string): string | null {
  if (/\\(?:[xu1-9\r]|0\d)/.test(text.replaceAll('\\\\', ''))) return null
  return text.replace(/\\([\s\S])/g, (_all, character: string) => escapes[character] ?? character)
}

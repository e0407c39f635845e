/** Values as source text. Whatever a name, a default or a comment holds stays inside its quotes. */
import type { CodeStyle } from './code-style.ts'
import { type Code, array, object, pair } from './code-layout.ts'

/** A text in the quotes that need fewer escapes; in those of the style where it is the same. */
export function textCode(text: string, { quotes }: Pick<CodeStyle, 'quotes'>): string {
  const single = text.split("'").length
  const double = text.split('"').length
  const quote = (single === double ? quotes === 'single' : single < double) ? "'" : '"'
  return quote + escaped(text, quote) + quote
}

/** The key of a property. Written bare, `__proto__` would be no property. */
export function keyCode(name: string, style: Pick<CodeStyle, 'quotes'>): string {
  if (name === '__proto__') return `[${textCode(name, style)}]`
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textCode(name, style)
}

/** JSON values, bigints and bytes. */
export function valueCode(value: unknown, style: Pick<CodeStyle, 'quotes'>): Code {
  if (typeof value === 'string') return textCode(value, style)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  if (value instanceof Uint8Array) return `new Uint8Array([${[...value].join(', ')}])`
  if (Array.isArray(value)) return array(value.map((item) => valueCode(item, style)))
  if (typeof value === 'object' && [null, Object.prototype].includes(Object.getPrototypeOf(value))) {
    return object(Object.entries(value).flatMap(([key, item]: [string, unknown]) => (item === undefined ? [] : pair(keyCode(key, style), valueCode(item, style)))))
  }
  throw new TypeError(`Cannot write a value of type ${typeof value} as code`)
}

function escaped(text: string, quote: string): string {
  let code = ''
  for (const character of text) {
    if (character === quote || character === '\\') code += `\\${character}`
    else if (character in letters) code += letters[character]
    else code += /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(character) ? unicode(character) : character
  }
  return code
}

const letters: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function unicode(character: string): string {
  return Array.from({ length: character.length }, (_, position) => `\\u${character.charCodeAt(position).toString(16).padStart(4, '0')}`).join('')
}

/**
 * Lays code out in lines: as few as fit the width, broken inside the brackets that do not fit. It knows shapes of code,
 * not what they mean.
 */
export type Code = string | List | Call | Chain | Pair

/** Items in brackets, with a comma between them. */
export interface List {
  readonly shape: 'list'
  readonly open: '{' | '['
  readonly items: readonly Code[]
  /** One item a line also where they would fit in one. */
  readonly tall?: boolean | undefined
}

/** `name(first, second)` */
export interface Call {
  readonly shape: 'call'
  readonly name: string
  readonly args: readonly Code[]
}

/** `first().second().third()` */
export interface Chain {
  readonly shape: 'chain'
  readonly calls: readonly Call[]
}

/** `key: value` */
export interface Pair {
  readonly shape: 'pair'
  readonly key: string
  readonly value: Code
}

export interface Layout {
  readonly indent: string
  readonly width: number
}

export const object = (items: readonly Code[], tall = false): List => ({ shape: 'list', open: '{', items, tall })
export const array = (items: readonly Code[]): List => ({ shape: 'list', open: '[', items })
export const call = (name: string, args: readonly Code[] = []): Call => ({ shape: 'call', name, args })
export const pair = (key: string, value: Code): Pair => ({ shape: 'pair', key, value })

/**
 * The text, which may have several lines.
 *
 * @param level how often the first line is indented
 * @param before characters that stand on the first line already, less the indentation
 * @param after characters that follow on the last line
 */
export function layOut(code: Code, layout: Layout, level: number, before = 0, after = 0): string {
  const text = flat(code)
  if (text !== undefined && fits(text, layout, level, before, after)) return text
  if (typeof code === 'string') return code
  switch (code.shape) {
    case 'pair':
      return `${code.key}: ${layOut(code.value, layout, level, before + code.key.length + 2, after)}`
    case 'list':
      return code.items.length === 0 ? (text ?? '') : `${code.open}${lines(code.items, layout, level)}${closing(code.open)}`
    case 'call':
      return `${code.name}${argumentsOf(code, layout, level, before + code.name.length, after)}`
    case 'chain':
      return chained(code.calls, layout, level, before)
    default:
      throw new TypeError(`unknown shape ${JSON.stringify(code satisfies never)}`)
  }
}

/** On one line; undefined for what is never on one. */
function flat(code: Code): string | undefined {
  if (typeof code === 'string') return code
  if (code.shape === 'pair') return joined([code.value], (value) => `${code.key}: ${value}`)
  if (code.shape === 'call') return joined(code.args, (args) => `${code.name}(${args})`)
  if (code.shape === 'chain') return joined(code.calls, (calls) => calls, '.')
  if (code.tall === true && code.items.length > 0) return undefined
  const space = code.open === '{' && code.items.length > 0 ? ' ' : ''
  return joined(code.items, (items) => `${code.open}${space}${items}${space}${closing(code.open)}`)
}

function joined(parts: readonly Code[], wrap: (text: string) => string, separator = ', '): string | undefined {
  const texts = parts.map(flat)
  return texts.every((text) => text !== undefined) ? wrap(texts.join(separator)) : undefined
}

function lines(items: readonly Code[], layout: Layout, level: number): string {
  const inner = items.map((item) => `${layout.indent.repeat(level + 1)}${layOut(item, layout, level + 1, 0, 1)},\n`)
  return `\n${inner.join('')}${layout.indent.repeat(level)}`
}

/** Where an argument has brackets of its own, and room for them, these are broken and the parentheses stay close: `f('a', {`. */
function argumentsOf({ args }: Call, layout: Layout, level: number, before: number, after: number): string {
  // A single text is as long on a line of its own.
  if (args.length < 2 && args.every((arg) => typeof arg === 'string')) return `(${args.join('')})`
  if (!args.some(isBreakable) || !fits('', layout, level, before, roomFor(args) - 1)) return `(${lines(args, layout, level)})`
  let text = '('
  for (const [position, arg] of args.entries()) {
    const rest = args.slice(position + 1)
    const broken = text.includes('\n')
    const column = (broken ? 0 : before) + lastLine(text)
    text += layOut(arg, layout, level, column, roomFor(rest) + after + 1)
    if (rest.length > 0) text += ', '
  }
  return `${text})`
}

/** How much of what follows has to stand on the same line. */
function roomFor(rest: readonly Code[]): number {
  let room = 0
  for (const arg of rest) {
    if (isBreakable(arg)) return room + 3
    room += 2 + (flat(arg)?.length ?? 0)
  }
  return room
}

function chained(calls: readonly Call[], layout: Layout, level: number, before: number): string {
  const [first, ...rest] = calls
  const head = first === undefined ? '' : layOut(first, layout, level, before)
  return head + rest.map((next) => `\n${layout.indent.repeat(level + 1)}.${layOut(next, layout, level + 1, 1, 1)}`).join('')
}

function isBreakable(code: Code): boolean {
  return typeof code !== 'string' && code.shape === 'list' && code.items.length > 0
}

function fits(text: string, layout: Layout, level: number, before: number, after: number): boolean {
  return widthOf(layout.indent) * level + before + text.length + after <= layout.width
}

/** The length of the last line, less its indentation. */
function lastLine(text: string): number {
  return text.slice(text.lastIndexOf('\n') + 1).trimStart().length
}

function widthOf(indent: string): number {
  return indent === '\t' ? 4 : indent.length
}

function closing(open: List['open']): string {
  return open === '{' ? '}' : ']'
}

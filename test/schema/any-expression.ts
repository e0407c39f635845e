/** Any condition over the columns a (integer), b (text) and n (numeric), as a tree that can be written in many ways. */
import fc from 'fast-check'

export type Expression =
  | { readonly is: 'column'; readonly name: string }
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'infix'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'prefix'; readonly operator: string; readonly operand: Expression }
  | { readonly is: 'in'; readonly not: boolean; readonly operand: Expression; readonly items: readonly string[] }
  | { readonly is: 'between'; readonly operand: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly is: 'null'; readonly not: boolean; readonly operand: Expression }
  | { readonly is: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly is: 'case'; readonly when: Expression; readonly yes: Expression; readonly no: Expression }

const column = (name: string): Expression => ({ is: 'column', name })
const literal = (text: string): Expression => ({ is: 'literal', text })

const { condition } = fc.letrec<{ number: Expression; text: Expression; condition: Expression }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(column('a'), column('n')),
    fc.constantFrom('0', '1', '2', '10', '1.5', '0.25').map(literal),
    fc.record({ is: fc.constant('infix' as const), operator: fc.constantFrom('+', '-', '*'), left: tie('number'), right: tie('number') }),
    tie('text').map((operand): Expression => ({ is: 'call', name: 'length', operands: [operand] })),
    fc.tuple(tie('number'), tie('number')).map((operands): Expression => ({ is: 'call', name: 'coalesce', operands })),
    fc.record({ is: fc.constant('case' as const), when: tie('condition'), yes: tie('number'), no: tie('number') }),
  ),
  text: fc.oneof(
    { maxDepth: 2 },
    fc.constant(column('b')),
    fc.constantFrom(`''`, `'x'`, `'it''s'`, `'A b'`, `'10'`).map(literal),
    fc.record({ is: fc.constant('infix' as const), operator: fc.constant('||'), left: tie('text'), right: tie('text') }),
    fc.tuple(fc.constantFrom('lower', 'upper', 'trim'), tie('text')).map(([name, operand]): Expression => ({ is: 'call', name, operands: [operand] })),
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({ is: fc.constant('infix' as const), operator: fc.constantFrom('<', '<=', '=', '<>', '>=', '>'), left: tie('number'), right: tie('number') }),
    fc.record({ is: fc.constant('infix' as const), operator: fc.constantFrom('=', '<>', 'like'), left: tie('text'), right: tie('text') }),
    fc.record({ is: fc.constant('infix' as const), operator: fc.constantFrom('and', 'or'), left: tie('condition'), right: tie('condition') }),
    fc.record({ is: fc.constant('prefix' as const), operator: fc.constant('not'), operand: tie('condition') }),
    fc.record({ is: fc.constant('in' as const), not: fc.boolean(), operand: tie('text'), items: fc.subarray([`'x'`, `'y'`, `'it''s'`], { minLength: 1 }) }),
    fc.record({ is: fc.constant('in' as const), not: fc.boolean(), operand: tie('number'), items: fc.subarray(['0', '1', '10'], { minLength: 1 }) }),
    fc.record({ is: fc.constant('between' as const), operand: tie('number'), low: tie('number'), high: tie('number') }),
    fc.record({ is: fc.constant('null' as const), not: fc.boolean(), operand: fc.oneof(tie('number'), tie('text')) }),
  ),
}))

export const anyCondition: fc.Arbitrary<Expression> = condition

/** How to write it: a number decides each time whether blanks, quotes, capitals and parentheses are put that need not be. */
export function write(expression: Expression, style: () => number): string {
  const part = (inner: Expression): string => (inner.is === 'column' || inner.is === 'literal' ? optional(inner) : `(${optional(inner)})`)
  const optional = (inner: Expression): string => (style() % 4 === 0 ? `(${write(inner, style)})` : write(inner, style))
  const word = (text: string): string => (style() % 2 === 0 ? text.toUpperCase() : text)
  const blank = (): string => ['', ' ', '  ', '\n'][style() % 4] ?? ' '
  switch (expression.is) {
    case 'column':
      return style() % 2 === 0 ? `"${expression.name}"` : word(expression.name)
    case 'literal':
      return expression.text
    case 'infix': {
      const operator = expression.operator === '<>' && style() % 2 === 0 ? '!=' : expression.operator
      const space = /[a-z]/.test(operator) ? ' ' : blank()
      return `${part(expression.left)}${space}${word(operator)}${space}${part(expression.right)}`
    }
    case 'prefix':
      return `${word(expression.operator)} ${part(expression.operand)}`
    case 'in': {
      const items = style() % 2 === 0 ? expression.items : expression.items.toReversed()
      return `${part(expression.operand)} ${word(expression.not ? 'not in' : 'in')}${blank()}(${items.join(`,${blank()}`)})`
    }
    case 'between':
      return `${part(expression.operand)} ${word('between')} ${part(expression.low)} ${word('and')} ${part(expression.high)}`
    case 'null':
      return `${part(expression.operand)} ${word(expression.not ? 'is not null' : 'is null')}`
    case 'call':
      return `${word(expression.name)}(${expression.operands.map(optional).join(`,${blank()}`)})`
    case 'case':
      return `${word('case when')} ${part(expression.when)} ${word('then')} ${part(expression.yes)} ${word('else')} ${part(expression.no)} ${word('end')}`
    default:
      throw new TypeError(JSON.stringify(expression satisfies never))
  }
}

/** The same with one place changed, which may or may not change what it means. */
export function mutate(expression: Expression, choose: () => number): Expression {
  const other = <T>(items: readonly T[], item: T): T => items[(items.indexOf(item) + 1 + (choose() % (items.length - 1))) % items.length] ?? item
  switch (expression.is) {
    case 'column':
      return expression.name === 'b' ? expression : column(expression.name === 'a' ? 'n' : 'a')
    case 'literal':
      return expression.text.startsWith(`'`) ? literal(other([`''`, `'x'`, `'it''s'`, `'A b'`, `'10'`], expression.text)) : literal(other(['0', '1', '2', '10', '1.5', '0.25', '1.50', '2.0'], expression.text))
    case 'infix': {
      const kind = [['<', '<=', '=', '<>', '>=', '>'], ['and', 'or'], ['+', '-', '*']].find((operators) => operators.includes(expression.operator)) ?? ['||']
      if (choose() % 4 === 0 && kind.length > 1) return { ...expression, operator: other(kind, expression.operator) }
      if (choose() % 4 === 0) return { ...expression, left: expression.right, right: expression.left }
      return choose() % 2 === 0 ? { ...expression, left: mutate(expression.left, choose) } : { ...expression, right: mutate(expression.right, choose) }
    }
    case 'prefix':
      return choose() % 3 === 0 ? expression.operand : { ...expression, operand: mutate(expression.operand, choose) }
    case 'in':
      return choose() % 2 === 0 ? { ...expression, not: !expression.not } : { ...expression, items: expression.items.slice(1).concat(expression.items[0]?.startsWith(`'`) === true ? `'z'` : '7') }
    case 'between':
      return choose() % 2 === 0 ? { ...expression, low: expression.high, high: expression.low } : { ...expression, low: mutate(expression.low, choose) }
    case 'null':
      return choose() % 2 === 0 ? { ...expression, not: !expression.not } : { ...expression, operand: mutate(expression.operand, choose) }
    case 'call':
      return { ...expression, operands: expression.operands.map((operand, position) => (position === 0 ? mutate(operand, choose) : operand)) }
    case 'case':
      return choose() % 2 === 0 ? { ...expression, yes: expression.no, no: expression.yes } : { ...expression, when: mutate(expression.when, choose) }
    default:
      throw new TypeError(JSON.stringify(expression satisfies never))
  }
}

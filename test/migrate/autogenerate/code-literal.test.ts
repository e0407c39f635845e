/** Values as source text: run, it is the value again; read, it shows everything that is in it. */
import { describe, expect, it } from 'vitest'
import { layOut } from '../../../src/migrate/autogenerate/code-layout.ts'
import { keyCode, textCode, valueCode } from '../../../src/migrate/autogenerate/code-literal.ts'

const single = { quotes: 'single' } as const
const double = { quotes: 'double' } as const

function evaluated(code: string): unknown {
  // oxlint-disable-next-line no-implied-eval -- the source under test is to be run, and nothing else can show what it means
  return new Function(`return ${code}`)()
}

describe('a text', () => {
  it.each([
    ['plain', `'plain'`, `"plain"`],
    [`it's`, `"it's"`, `"it's"`],
    [`a "b"`, `'a "b"'`, `'a "b"'`],
    [`it's a "b"`, `'it\\'s a "b"'`, `'it\\'s a "b"'`],
    [`'"`, `'\\'"'`, `"'\\""`],
    [`'' "`, `"'' \\""`, `"'' \\""`],
  ])('is in the quotes that need fewer escapes, else in those of the style: %s', (text, inSingle, inDouble) => {
    expect([textCode(text, single), textCode(text, double)]).toEqual([inSingle, inDouble])
  })

  it('has no character that does not show, or shows as something else', () => {
    const text = '\0\n\r\t\u0007\u00ad\u200b\u202e\u2028\u2029\ud800\\ é 漢 😀'
    const code = textCode(text, single)
    expect(code).toBe(`'\\u0000\\n\\r\\t\\u0007\\u00ad\\u200b\\u202e\\u2028\\u2029\\ud800\\\\ é 漢 😀'`)
    expect(evaluated(code)).toBe(text)
  })

  it('of an invisible character beyond the first plane is the text again', () => {
    expect(textCode('\u{e0041}', single)).toBe(`'\\udb40\\udc41'`)
  })
})

it('a key is bare where it can be, and always a property', () => {
  const keys = ['name', '$a_1', '__proto__', 'a-b', '1a', 'a b', `it's`, '', 'é', 'constructor']
  expect(keys.map((key) => keyCode(key, single))).toEqual(['name', '$a_1', `['__proto__']`, `'a-b'`, `'1a'`, `'a b'`, `"it's"`, `''`, `'é'`, 'constructor'])
  for (const key of keys) expect(Object.entries(evaluated(`({ ${keyCode(key, single)}: 1 })`) as object)).toEqual([[key, 1]])
})

describe('a value', () => {
  it.each([
    [null, 'null'], [true, 'true'], [0, '0'], [-0, '-0'], [-1.5e300, '-1.5e+300'], [9007199254740993n, '9007199254740993n'],
    [new Uint8Array([0, 255]), 'new Uint8Array([0, 255])'], [['a', [1]], `['a', [1]]`], [{}, '{}'], [Object.assign(Object.create(null), { a: 1 }), '{ a: 1 }'],
    [{ 'a-b': null, c: { d: [] } }, `{ 'a-b': null, c: { d: [] } }`], [{ a: 1, b: undefined }, '{ a: 1 }'],
  ])('is written as a person would: $1', (value, code) => {
    expect(layOut(valueCode(value, single), { indent: '  ', width: 120 }, 0)).toBe(code)
    expect(evaluated(`(${code})`)).toEqual(value)
  })

  it('that no code can say is refused', () => {
    for (const value of [new Date(0), new Map(), () => 1, Symbol('a'), undefined]) expect(() => valueCode(value, single)).toThrow(TypeError)
  })
})

/** Where code is broken into lines: as late as the width allows, and inside the brackets that do not fit. */
import { describe, expect, it } from 'vitest'
import { type Chain, type Code, array, call, layOut, object, pair } from '../../../src/migrate/autogenerate/code-layout.ts'

const texts = call('f', [`'ab'`, `'cd'`])
const oneLine = `f('ab', 'cd')`
const broken = `f(\n  'ab',\n  'cd',\n)`
const chain: Chain = { shape: 'chain', calls: [call('c.text'), call('notNull'), call('default', [`'a'`])] }
const at = (width: number): { readonly indent: string; readonly width: number } => ({ indent: '  ', width })

describe('code is on one line', () => {
  it('up to the last character of the width', () => {
    expect(layOut(texts, at(13), 0)).toBe(oneLine)
    expect(layOut(texts, at(12), 0)).toBe(broken)
  })

  it('with what stands before it and after it', () => {
    expect(layOut(texts, at(20), 0, 3, 4)).toBe(oneLine)
    expect(layOut(texts, at(19), 0, 3, 4)).toBe(broken)
  })

  it('with its indentation, in which a tab counts as four', () => {
    expect(layOut(texts, at(17), 2)).toBe(oneLine)
    expect(layOut(texts, at(16), 2)).toBe(`f(\n      'ab',\n      'cd',\n    )`)
    expect(layOut(texts, { indent: '\t', width: 17 }, 1)).toBe(oneLine)
    expect(layOut(texts, { indent: '\t', width: 16 }, 1)).toBe(`f(\n\t\t'ab',\n\t\t'cd',\n\t)`)
  })

  it('unless it is a list that is to have a line for each item', () => {
    expect(layOut(object(['a', 'b'], true), at(80), 0)).toBe('{\n  a,\n  b,\n}')
    expect(layOut(call('f', [object(['a'], true)]), at(80), 0)).toBe('f({\n  a,\n})')
    expect(layOut(object([], true), at(80), 0)).toBe('{}')
  })

  it('where nothing in it can be broken', () => {
    expect(layOut('too_long', at(4), 0)).toBe('too_long')
    expect(layOut(pair('too', '{}'), at(4), 0)).toBe('too: {}')
    expect(layOut(pair('too', object([])), at(4), 0)).toBe('too: {}')
    expect(layOut(call('too_long'), at(4), 0)).toBe('too_long()')
    expect(layOut(call('f', [`'too long'`]), at(4), 0)).toBe(`f('too long')`)
  })
})

describe('where it does not fit', () => {
  const cases: Readonly<Record<string, readonly [Code, width: number, string]>> = {
    'a list has a line for each item, and the inner brackets stay closed': [object([pair('a', '1'), pair('b', array(['2', '3']))]), 12, '{\n  a: 1,\n  b: [2, 3],\n}'],
    'the inner brackets are broken when they do not fit with their comma': [object([pair('a', '1'), pair('b', array(['2', '3']))]), 11, '{\n  a: 1,\n  b: [\n    2,\n    3,\n  ],\n}'],
    'the last brackets are broken, and the arguments before them stay': [call('f', [`'a'`, array(['1']), object([pair('long', `'word'`)])]), 16, `f('a', [1], {\n  long: 'word',\n})`],
    'brackets open at the last character of the width': [call('f', [`'a long text'`, array(['1', '2'])]), 18, `f('a long text', [\n  1,\n  2,\n])`],
    'each argument has its line where they cannot': [call('f', [`'a long text'`, array(['1', '2'])]), 17, `f(\n  'a long text',\n  [1, 2],\n)`],
    'empty brackets are not broken': [call('f', [`'a long text'`, array([])]), 17, `f(\n  'a long text',\n  [],\n)`],
    'brackets in a chain are broken one step further in': [{ shape: 'chain', calls: [call('c.json'), call('default', [object([pair('a', '1'), pair('b', '2')])])] }, 14, 'c.json()\n  .default({\n    a: 1,\n    b: 2,\n  })'],
    'what follows brackets has to fit behind them': [call('f', [array(['1', '2']), `'text'`]), 16, `f([\n  1,\n  2,\n], 'text')`],
    'brackets behind broken ones begin at their end': [call('a_long_name', [array(['1', '2', '3']), array(['4', '5'])]), 20, 'a_long_name([\n  1,\n  2,\n  3,\n], [4, 5])'],
    'a single text that is not one keeps to its own lines': [call('f', [chain]), 24, `f(\n  c.text()\n    .notNull()\n    .default('a'),\n)`],
    'a chain has a line for each call': [chain, 20, `c.text()\n  .notNull()\n  .default('a')`],
    'a chain on one line is an argument as a text is': [call('f', [`'name'`, chain]), 34, `f(\n  'name',\n  c.text().notNull().default('a'),\n)`],
    'a call is broken behind the key of its pair': [pair('key', call('f', [array(['1', '2']), array(['3'])])), 16, 'key: f([\n  1,\n  2,\n], [3])'],
  }
  it.each(Object.entries(cases))('%s', (_, [code, width, expected]) => {
    expect(layOut(code, at(width), 0)).toBe(expected)
  })
})

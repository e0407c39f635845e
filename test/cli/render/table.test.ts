import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutToWidth, displayWidth, wrapToWidth } from '../../../adapters/cli/render/display-width.ts'
import { renderTable, type Column } from '../../../adapters/cli/render/table.ts'
import { terminalOf, type Terminal } from '../../../adapters/cli/render/terminal.ts'
import { captureStream, world } from '../capture.ts'

interface Thing { readonly id: number; readonly title: string; readonly tester: string }

const columns: readonly Column<Thing>[] = [
  { head: 'ID', align: 'right', text: (thing) => String(thing.id) },
  { head: 'Title', shrinks: true, text: (thing) => thing.title, style: () => 'red' },
  { head: 'Tester', shrinks: true, text: (thing) => thing.tester },
]

function plain(width: number): Terminal {
  return { width, interactive: false, redraws: false, style: (_format, text) => text }
}

describe('renderTable', () => {
  it('puts numbers to the right and one item on a line', () => {
    expect(renderTable(plain(80), columns, [{ id: 5, title: 'Short', tester: 'Ann' }, { id: 12345, title: 'A title', tester: 'Bob' }])).toBe(
      ['   ID  Title    Tester', '─────  ───────  ──────', '    5  Short    Ann', '12345  A title  Bob', ''].join('\n'),
    )
  })

  it('fits the terminal, whatever the texts, and keeps the columns that may not shrink whole', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 })
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.integer({ min: 1, max: 10 ** 9 }), title: text, tester: text }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 40, max: 120 }), (things, width) => {
        const lines = renderTable(plain(width), columns, things).split('\n')
        expect(lines).toHaveLength(things.length + 3)
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width)
        for (const { id } of things) expect(lines.some((line) => line.trimStart().startsWith(String(id)))).toBe(true)
      }),
    )
  })

  it('takes from the widest column first', () => {
    const [, , row] = renderTable(plain(40), columns, [{ id: 1, title: 'x'.repeat(100), tester: 'Somebody Else' }]).split('\n')
    expect(row).toMatch(/^ 1 {2}x{20}…  Somebody Else$/)
  })

  it('cleans every cell', () => {
    expect(renderTable(plain(80), columns, [{ id: 1, title: 'a\x1b[31m\nb', tester: '\u202eevil' }])).not.toMatch(/\x1b|\u202e|a\n/)
  })
})

describe('display width', () => {
  it.each([['abc', 3], ['é', 1], ['e\u0301', 1], ['日本', 4], ['👍🏽', 2], ['👩‍👩‍👧', 2], ['', 0], ['–…', 2]])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('a cut text is never wider than it may be, and whole when it fits', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const cut = cutToWidth(text, width)
      expect(displayWidth(cut)).toBeLessThanOrEqual(width)
      if (displayWidth(text) <= width) expect(cut).toBe(text)
    }))
  })

  it('wrapping loses no word and makes no line too wide', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '日'), minLength: 1, maxLength: 30 }), { maxLength: 12 })
    fc.assert(fc.property(words, fc.integer({ min: 4, max: 30 }), (list, width) => {
      const lines = wrapToWidth(list.join(' '), width)
      expect(lines.join('').replaceAll(' ', '')).toBe(list.join(''))
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width)
    }))
  })
})

describe('terminalOf', () => {
  const red = (io: ReturnType<typeof world>) => terminalOf(io, io.stdout).style('red', 'x')

  it('has colours only where a person looks and did not refuse them', () => {
    expect(red(world({ terminal: 80 }))).toBe('\x1b[31mx\x1b[39m')
    expect(red(world({ terminal: 80, env: { NO_COLOR: '1' } }))).toBe('x')
    expect(red(world({ terminal: 80, env: { TERM: 'dumb' } }))).toBe('x')
    expect(red(world())).toBe('x')
  })

  it('is as wide as it says, 80 when it does not', () => {
    expect(terminalOf(world(), captureStream({ terminal: 132 })).width).toBe(132)
    expect(terminalOf(world(), captureStream()).width).toBe(80)
    expect(terminalOf(world({ env: { COLUMNS: '100' } }), captureStream()).width).toBe(100)
  })
})

import { describe, expect, it } from 'vitest'
import { Invocation } from '../../../adapters/cli/invocation.ts'
import type { ProductNames } from '../../../adapters/cli/sync/product-names.ts'
import { startProgressDisplay, type ProgressDisplay } from '../../../adapters/cli/sync/progress.ts'
import { shareDone } from '../../../adapters/cli/sync/share-done.ts'
import type { SyncProgress } from '../../../src/sync/types.ts'
import { world, type WorldOptions } from '../capture.ts'

const at = (done: number, values: Partial<SyncProgress> = {}): SyncProgress => ({ done, total: 10, stream: 'bugs', productId: 7, newCount: done * 100, changedCount: 0, deletedCount: 0, ...values })

const names: ProductNames = {
  nameOf: (id) => (id === 7 ? 'Webshop' : undefined),
  titleOf: (id) => (id === 7 ? 'Webshop (7)' : `product ${id}`),
  learn: () => undefined,
  refresh: async () => undefined,
}

interface Stage {
  readonly display: ProgressDisplay
  readonly invocation: Invocation
  /** Everything that was written to standard error. */
  written(): string
  /** What stands on the last line of the screen. */
  line(): string
  later(seconds: number): void
}

function stage(options: WorldOptions = {}): Stage {
  let now = 0
  const io = world(options)
  const invocation = new Invocation(io)
  const display = startProgressDisplay(invocation, names, () => now)
  return {
    display,
    invocation,
    written: () => io.stderr.text,
    line() {
      // Has the line drawn again, as its timer would.
      invocation.statusLine?.above(() => undefined)
      return io.stderr.text.split('\r').at(-1)?.replace('\x1b[K', '') ?? ''
    },
    later: (seconds) => { now += seconds * 1000 },
  }
}

describe('progress on a terminal', () => {
  it('says from the first moment that something is going on', () => {
    const { display, line } = stage({ terminal: 80 })
    expect(line()).toBe('░░░░░░░░░░░░░░░░░░░░   0 %  asking for the products …')
    display.stop()
  })

  it('is a bar with the time that is left, what was found, and the product that is being read', () => {
    const { display, line, later } = stage({ terminal: 90 })
    later(10)
    display.show(at(5, { changedCount: 3, deletedCount: 1 }))
    expect(line()).toBe('██████████░░░░░░░░░░  50 %  10 s left    500 new, 3 changed, 1 gone  bugs of Webshop')
    display.show(at(6, { productId: 8, stream: 'tests' }))
    expect(line()).toMatch(/ 60 % {2}10 s left {4}600 new {2}tests of product 8$/)
    display.stop()
  })

  it('fits the terminal, also when that becomes narrower', () => {
    const { display, line, later, invocation } = stage({ terminal: 80 })
    later(10)
    display.show(at(5, { newCount: 123_456_789, changedCount: 123_456_789 }))
    expect(line().length).toBeLessThan(80)
    Object.assign(invocation.io.stderr, { columns: 50 })
    expect(line().length).toBeLessThan(50)
    expect(line()).toMatch(/…$/)
    display.stop()
  })

  it('says when nothing has come for a while', () => {
    const { display, line, later } = stage({ terminal: 100 })
    display.show(at(5))
    later(3)
    expect(line()).toMatch(/bugs of Webshop$/)
    later(9)
    expect(line()).toMatch(/500 new {2}no news for 12 s$/)
    display.stop()
  })

  it('says that it stops when somebody stopped it', () => {
    const stop = new AbortController()
    const { display, line } = stage({ terminal: 80, signal: stop.signal })
    display.show(at(5))
    stop.abort()
    expect(line()).toMatch(/500 new {2}stopping …$/)
    display.stop()
  })

  it('lets notes be written above it, and goes away with the cursor given back', () => {
    const { display, invocation, written } = stage({ terminal: 80 })
    display.show(at(5))
    invocation.note('A note')
    expect(written()).toMatch(/\r\x1b\[KA note\n\r█{10}/)
    display.stop()
    expect(written()).toMatch(/^\x1b\[\?25l[^]*\r\x1b\[K\x1b\[\?25h$/)
    invocation.note('Another')
    expect(written()).toMatch(/\x1b\[\?25hAnother\n$/)
  })

  it('is in plain lines where a line cannot be written over', () => {
    const { display, written } = stage({ terminal: 80, env: { TERM: 'dumb' } })
    display.show(at(5))
    display.stop()
    expect(written()).toBe('50 %  500 new  bugs of Webshop (7)\n')
  })
})

describe('progress on a pipe', () => {
  it('is plain lines, one every three seconds at most, on standard error', () => {
    const { display, invocation, written, later } = stage()
    for (const done of [0, 1, 2, 3, 4, 5, 6, 7]) {
      display.show(at(done))
      later(1)
    }
    display.stop()
    expect(written().split('\n')).toEqual(['0 %  nothing new  bugs of Webshop (7)', '30 %  300 new  bugs of Webshop (7)  10 s left', '60 %  600 new  bugs of Webshop (7)  5 s left', ''])
    expect(invocation.io.stdout).toMatchObject({ text: '' })
  })
})

describe('the share that is done', () => {
  it('never goes back, and is 1 when everything that was found is done and not before', () => {
    const share = shareDone()
    const shares = [[1, 2], [2, 4], [3, 9], [4, 9], [8, 9], [9, 9]].map(([done = 0, total = 0]) => share(at(done, { total })))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.findIndex((one) => one === 1)).toBe(shares.length - 1)
  })

  it('is nothing as long as the products are not known', () => {
    const share = shareDone()
    expect(share(at(1, { total: 2, stream: 'products', productId: null }))).toBe(0)
    expect(share(at(2, { total: 20 }))).toBe(0.1)
  })
})

import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../adapters/cli/render/display-width.ts'
import { terminalOf } from '../../../adapters/cli/render/terminal.ts'
import type { ProductNames } from '../../../adapters/cli/sync/product-names.ts'
import { renderSync } from '../../../adapters/cli/sync/summary.ts'
import type { SyncResult, SyncStep } from '../../../src/sync/types.ts'
import { world } from '../capture.ts'

const names: ProductNames = {
  nameOf: (id) => (id === 5 ? 'Webshop' : undefined),
  titleOf: (id) => (id === 5 ? 'Webshop (5)' : `product ${id}`),
  learn: () => undefined,
  refresh: async () => undefined,
}

const step = (productId: number | null, stream: SyncStep['stream'], values: Partial<SyncStep> = {}): SyncStep => ({
  productId, stream, outcome: 'success', new: 0, changed: 0, unchanged: 9, deleted: 0, quarantined: 0, requests: 1, error: null, ...values,
})

const serverError = {
  code: 'api_server_error',
  message: 'Reading /products/5/features from the TestIO API failed\nThe API had an internal error. Status 500.\nTry again later; if only this read keeps failing, report it to TestIO support.',
}

function page(values: Partial<SyncResult> = {}): string {
  const io = world({ env: { COLUMNS: '80' } })
  const result: SyncResult = {
    runId: 4, mode: 'hybrid', outcome: 'success', startedAt: '2026-03-03T08:00:00.000Z', finishedAt: '2026-03-03T08:00:03.200Z', requests: 12,
    new: 0, changed: 0, unchanged: 27, deleted: 0, quarantined: 0, steps: [step(null, 'products'), step(5, 'features'), step(5, 'tests'), step(5, 'bugs')], ...values,
  }
  return renderSync(terminalOf(io, io.stdout), result, { names })
}

describe('the summary of a sync', () => {
  it('that found nothing new is short', () => {
    expect(page()).toBe('Synced.\n27 as before. Run 4: 12 requests in 3.2 s.\n\n1 product as before.\n')
  })

  it('has the products in which something happened, with what is gone and what cannot be read', () => {
    const text = page({
      outcome: 'partial', new: 1200, changed: 2, deleted: 1, quarantined: 3,
      steps: [
        step(5, 'features'), step(5, 'tests', { outcome: 'partial', new: 1200, changed: 2, quarantined: 3, error: serverError }), step(5, 'bugs', { deleted: 1 }),
        step(6, 'features'), step(6, 'tests', { unchanged: 0 }), step(6, 'bugs', { outcome: 'failed', error: serverError }),
        step(7, 'features'), step(7, 'tests'), step(7, 'bugs'),
      ],
    })
    expect(text).toMatch(/^Synced, but not everything could be read\.\n1,200 new, 2 changed, 1 gone, 27 as before, 3 unreadable\. Run 4: 12 requests in\n3\.2 s\.\n\n/)
    expect(text).toContain('\n 5  Webshop  as before  1,200 new, 2 changed, 3 unreadable  1 gone\n')
    expect(text).toMatch(/\n 6 {2}– +as before {2}none +failed\n/)
    expect(text).toContain('\n1 product as before.\n')
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80)
  })

  it('tells equal reasons once, with why and what to do, and all places', () => {
    const failed = { outcome: 'failed', error: serverError } as const
    const text = page({
      outcome: 'partial',
      steps: [
        step(5, 'features', failed), step(5, 'tests', { ...failed, error: { ...serverError, message: serverError.message.replace('features', 'exploratory_tests') } }),
        ...[11, 12, 13, 14].map((id) => step(id, 'bugs', failed)),
        step(15, 'bugs', { outcome: 'cancelled', error: { code: 'aborted', message: 'a\nb\nc' } }),
      ],
    })
    expect(text.match(/internal error/g)).toHaveLength(1)
    expect(text).toMatch(/What could not be read\n {2}- Features and tests of Webshop \(5\); bugs of 4 products \(11, 12, 13, …\): The\n {4}API had an internal error\. Status 500\. Try again later; [^]*\(api_server_error\)\n/)
  })

  it('counts products of which nothing could be read, where they are many', () => {
    const failed = { outcome: 'failed', unchanged: 0, error: serverError } as const
    const failing = (count: number) => page({ outcome: 'partial', steps: [step(5, 'tests', { new: 1 }), ...Array.from({ length: count }, (_, index) => step(100 + index, 'tests', failed))] })
    expect(failing(5).match(/^10\d .*failed/gm)).toHaveLength(5)
    expect(failing(40)).not.toMatch(/^1\d\d .*failed/m)
    expect(failing(40)).toContain('\n40 products could not be read at all.\n')
    expect(failing(40)).toContain('Tests of 40 products (100, 101, 102, …): The')
  })

  it.each([
    ['cancelled', {}, /^The sync was stopped\.\n[^]*What was read is kept\. Run tidemark sync again to go on\.\n$/],
    ['failed', {}, /^The sync failed\.\n[^]*Correct the cause and run tidemark sync again\.\n$/],
    ['success', { runId: null }, /^Synced\.\n[^]*This was a dry run: nothing was written\.\n$/],
    ['partial', { mode: 'rebuild' }, /The copy is as it was before: only a complete one takes its place\.\n$/],
  ] as const)('of outcome %s and %j says what became of the copy', (outcome, values, expected) => {
    expect(page({ outcome, ...values })).toMatch(expected)
  })
})

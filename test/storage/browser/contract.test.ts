/** The laws of a storage, kept in a real browser. */
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { storageLaws } from '../../../src/storage/laws.ts'
import type { InPage } from '../../support/browser-storage-in-page.ts'
import { bundleForBrowser, lacksChromium, launchChromium, servePage } from '../../support/chromium.ts'

declare const inPage: InPage

describe.skipIf(lacksChromium)('in a page of Chromium (skipped where none is installed)', () => {
  let page: Page
  const errors: string[] = []

  beforeAll(async () => {
    const { url } = await servePage(await bundleForBrowser(new URL('../../support/browser-storage-in-page.ts', import.meta.url)))
    page = await (await launchChromium()).newPage()
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(url)
    await page.waitForFunction(() => 'inPage' in globalThis)
  })

  describe.each(['kept', 'memory'] as const)('a storage that is %s', (place) => {
    for (const { name } of storageLaws) {
      it(name, async (context) => {
        const skipped = await page.evaluate(([where, law]) => inPage.keepsLaw(where, law), [place, name] as const)
        expect(errors).toEqual([])
        if (skipped !== null) context.skip(skipped)
      })
    }
  })
})

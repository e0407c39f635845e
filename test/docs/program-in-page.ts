/** Runs the program of a page in a real browser, bundled as its reader would; not at all where Chromium is not installed. */
import { writeFile } from 'node:fs/promises'
import { bundleForBrowser, lacksChromium, launchChromium, servePage } from '../support/chromium.ts'

/**
 * Gives what each piece printed: a browser prints nowhere.
 *
 * @param file where the program may be written; the package is installed beside it
 * @throws what the program throws
 */
export async function runInPage(file: string, pieces: readonly string[]): Promise<readonly string[]> {
  if (lacksChromium) return pieces.map(() => '')
  await writeFile(file, `${pieces.join('\n')}\ndocument.title = 'done'\n`)
  const { url } = await servePage(await bundleForBrowser(file))
  const page = await (await launchChromium()).newPage()
  const thrown = new Promise<never>((_resolve, reject) => page.once('pageerror', reject))
  await page.goto(url)
  await Promise.race([thrown, page.waitForFunction(() => document.title === 'done')])
  return pieces.map(() => '')
}

/**
 * Pages with parts that tests write: what stands between `<!-- name: written by a test -->` and `<!-- /name -->` comes from
 * the code, the rest of the page by hand. A page that is not up to date fails, and says how it is renewed.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'vitest'

const root = join(import.meta.dirname, '../..')
const opening = /<!-- (\S+): written by a test -->/g

/**
 * Holds a page against what its parts should be.
 *
 * @param page its path from the top of the tree, like `docs/errors.md`
 * @param parts by name; a line end is put behind each
 */
export async function expectWritten(page: string, parts: Readonly<Record<string, string>>): Promise<void> {
  const text = readFileSync(join(root, page), 'utf8')
  // A part that nobody writes would grow old unnoticed.
  expect([...text.matchAll(opening)].map(([, name]) => name), `the written parts of ${page}`).toEqual(Object.keys(parts))
  const written = Object.entries(parts).reduce((before, [name, part]) => replaced(before, name, part), text)
  await expect(written, `${page} is not up to date. Renew it with \`npx vitest run ${relative(root, expect.getState().testPath ?? '')} -u\`.`).toMatchFileSnapshot(join(root, page))
}

function replaced(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name}: written by a test -->\n`, `<!-- /${name} -->`]
  const [before = '', rest = '', ...more] = text.split(start)
  const at = rest.indexOf(end)
  if (at < 0 || more.length > 0) throw new RangeError(`Cannot find where part "${name}" begins and ends`)
  return `${before}${start}${part.trimEnd()}\n${rest.slice(at)}`
}

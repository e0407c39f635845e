/**
 * Every page for readers is followed: each code block is run, checked, or excused with a reason, and what the page says that
 * is printed is what is printed. After a change of that: `npx vitest run test/docs -u`.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksNotRun, linesNotRun, type NotRun } from './not-run.ts'
import { partsOf } from './page-parts.ts'
import { PageWorld } from './page-world.ts'
import { pages, readPage, root } from './pages.ts'
import { sourcePackage } from './source-package.ts'
import { walkthrough } from './walkthrough.ts'

let made: Promise<string> | undefined
const madeOnce = (): Promise<string> => (made ??= sourcePackage())
const excuses = new Set<NotRun>()

describe('a page', () => {
  it.each(pages)('%s does what it says, in every block', async (name) => {
    await using world = await PageWorld.open(madeOnce)
    const walk = await walkthrough(readPage(name), name, world)
    for (const excuse of walk.excuses) excuses.add(excuse)
    expect(walk.unrun.map(({ line, language }) => `${name}:${line} (${language})`)).toEqual([])
    await expect(walk.told).toMatchFileSnapshot(join(root, name))
  })

  it.each(pages)('%s is read to its end', (name) => {
    const page = readPage(name)
    expect(partsOf(page).map(({ source }) => source).join('')).toBe(page)
  })
})

describe('the check', () => {
  it('has no excuse that no page needs', () => {
    expect([...blocksNotRun, ...linesNotRun].filter((excuse) => !excuses.has(excuse)).map(({ why }) => why)).toEqual([])
  })

  it.each([
    ['a language that nobody runs', '```python\nprint(1)\n```\n'],
    ['no language', 'Like this:\n\n```\nnpx tidemark status\n```\n'],
    ['another fence, inside a list', '- so:\n  ~~~~ruby\n  puts 1\n  ~~~~\n'],
    ['a file that no command uses', '```js library.mjs\nconsole.log(1)\n```\n'],
  ])('finds a block with %s', async (_what, page) => {
    await using world = await PageWorld.open(madeOnce)
    expect((await walkthrough(page, 'docs/some.md', world)).unrun).toHaveLength(1)
  })

  it.each([
    ['a command that fails', '```sh\nnpx tidemark bugs --no-such-flag\n```\n'],
    ['a command that should fail', '```sh\nnpx tidemark --version # exit 2\n```\n'],
    ['a program that throws', '```js\nimport { openTidemark } from \'tidemark\'\nawait openTidemark({})\n```\n'],
    ['a name that the package does not give', '```ts\nimport { openAll } from \'tidemark\'\nopenAll()\n```\n'],
    ['JSON that is none', '```json\n{ "a": 1, }\n```\n'],
    ['a setting that there is not', '```json tidemark.config.json\n{ "customer": 1 }\n```\n'],
    ['a statement that the server refuses', '```sql\nselect * from bug;\n```\n'],
  ])('fails for %s', async (_what, page) => {
    await using world = await PageWorld.open(madeOnce)
    await expect(walkthrough(page, 'docs/some.md', world)).rejects.toThrow()
  })

  it('shows what was printed, whatever the page says', async () => {
    await using world = await PageWorld.open(madeOnce)
    const page = '```js\nconst two: number = 2\n```\n\n```js\nconsole.log(two + 1)\n```\n\n```text\n4\n```\n\n```sh\nnpx tidemark quarantine list # exit 2\n```\n\n```text\nfine\n```\n'
    const { told } = await walkthrough(page, 'docs/some.md', world)
    expect(told).toContain('```text\n3\n```')
    expect(told).toMatch(/```text\nError: .*\nWhy: [^]*\nNext: [^]*\n```\n$/)
  })
})

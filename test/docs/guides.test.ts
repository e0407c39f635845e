/** Every guide is followed, and says what really happens. After a change of what commands print: `npx vitest run test/docs -u`. */
import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { walkthrough } from './walkthrough.ts'

const folder = new URL('../../docs/migrations/', import.meta.url)
const guides = (await readdir(folder)).filter((name) => name.endsWith('.md') && !['operations.md', 'compared.md'].includes(name))

describe('the guide', () => {
  it.each(guides)('%s is what its reader sees', async (name) => {
    const page = await readFile(new URL(name, folder), 'utf8')
    await expect(await walkthrough(page)).toMatchFileSnapshot(`../../docs/migrations/${name}`)
  })
})

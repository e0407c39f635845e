/** The page about counting is followed, and says what really happens. After a change of what the command prints: `npx vitest run test/docs -u`. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { walkthrough } from './walkthrough.ts'

it('docs/query.md is what its reader sees', async () => {
  const page = await readFile(new URL('../../docs/query.md', import.meta.url), 'utf8')
  await expect(await walkthrough(page)).toMatchFileSnapshot('../../docs/query.md')
})

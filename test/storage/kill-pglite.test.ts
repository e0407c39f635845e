import { join } from 'node:path'
import { copyFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { bundleScript, startScript } from '../support/bundled-script.ts'
import { freshFolder, preparePglite } from '../support/engines.ts'

const rounds = Number(process.env.TIDEMARK_KILL_ROUNDS ?? 4)

describe('a PGlite folder whose process is killed', () => {
  // Any moment: while the folder is made, while it is opened and recovered, in and between commits.
  it(`opens again with every commit whole, ${rounds} times in a row`, { timeout: 60_000 + rounds * 20_000 }, async () => {
    await preparePglite()
    const scripts = await freshFolder()
    const script = await bundleScript(new URL('../support/endless-pglite.ts', import.meta.url), scripts)
    await copyFile('adapters/pglite/pglite-cluster.br', join(scripts, 'pglite-cluster.br'))
    const dir = join(await freshFolder(), 'database')
    let commits = 0
    for (let round = 0; round < rounds; round += 1) {
      const writer = startScript(script, dir)
      // Every third does not get as far as a commit, and the first ones not as far as a whole folder.
      if (round % 3 === 2) await writer.until((output) => /^\d/m.test(output))
      await new Promise((resolve) => setTimeout(resolve, Math.random() * (round % 3 === 2 ? 300 : 1_500)))
      const output = (await writer.end()).split('\n').slice(0, -1)
      const reported = Number(output.at(-1) ?? 0) || 0
      if (reported > 0) commits = reported
      // Each opens it from what was left; the test itself looks now and then, for that heals it.
      if (round % 3 === 2 || round === rounds - 1) expect(await lookInto(dir, commits)).toEqual({ isKept: true, halves: 0 })
    }
    expect(commits).toBeGreaterThan(0)
  })
})

async function lookInto(dir: string, commits: number): Promise<{ isKept: boolean; halves: number }> {
  await using storage = await pglite({ dir })
  const whole = `select pair from notes group by pair having string_agg(half, ' ' order by half) = 'first second'`
  const { rows } = await storage.query<{ whole: number; all_of_them: number; last: number }>({
    sql: `select (select count(*) from (${whole}) w) as whole, count(distinct pair) as all_of_them, coalesce(max(pair), 0) as last from notes`,
  })
  const [found = { whole: -1, all_of_them: 0, last: 0 }] = rows
  // The commit that was under way may have made it; pairs are numbered without gaps.
  return { isKept: found.last >= commits && found.last <= commits + rounds && found.all_of_them === found.last, halves: found.all_of_them - found.whole }
}

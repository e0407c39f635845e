/**
 * A process that commits pairs of notes to a PGlite folder for ever, after those that are there, and says the number of
 * each; the test kills it. See `kill-pglite.test.ts`.
 */
import { pglite } from '../../adapters/pglite/pglite.ts'

const storage = await pglite({ dir: process.argv[2] ?? '' })
await storage.query({ sql: 'create table if not exists notes (pair integer, half text, body text)' })
const { rows } = await storage.query<{ last: number }>({ sql: 'select coalesce(max(pair), 0) as last from notes' })
process.stdout.write('open\n')
for (let pair = (rows[0]?.last ?? 0) + 1; ; pair += 1) {
  await storage.transaction(async (tx) => {
    // Long ones too, which reach the disk before their commit.
    await tx.query({ sql: `insert into notes values ($1, 'first', repeat('x', $2))`, parameters: [pair, pair % 50 === 0 ? 2_000_000 : 200] })
    await tx.query({ sql: `insert into notes values ($1, 'second', '')`, parameters: [pair] })
  })
  process.stdout.write(`${pair}\n`)
}

/** How fast a sync writes when the network costs nothing, against the engine's own bulk insert; and what one that finds nothing costs. */
import type { Figure } from '../figure.ts'
import type { Scale } from '../support/account.ts'
import { ownProcess } from './own-process.ts'

/**
 * Each engine in a process of its own: what others keep in memory would be looked through again and again for garbage, and counted.
 *
 * @param products of the account, the first so many, which are the large ones; default all
 * @throws Error when a sync is no success
 */
export async function benchRate(scale: Scale, rounds: number, products?: number): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const engine of ['sqljs', 'pglite']) {
    const measuring = await ownProcess('rate-process', [engine, scale, String(rounds), String(products ?? '')], [])
    // The process beside this file wrote it.
    figures.push(...(JSON.parse(await measuring.line()) as readonly Figure[]))
  }
  return figures
}

/** The parts of this bench, and how their figures are told: see README.md beside this file. */
import type { Scale as SimulatedScale } from '../../src/simulator/scale.ts'
import { figureTable } from '../figure-table.ts'
import type { Scale } from '../support/account.ts'
import { benchCopy } from './copy.ts'
import { benchMemory } from './memory.ts'
import { benchRate } from './rate.ts'
import { benchRequests } from './requests.ts'

export type SyncPart = 'copy' | 'rate' | 'requests' | 'memory'

/** @param memoryScale of the part `memory`, which has processes of its own */
export async function benchSync(scale: Scale, memoryScale: SimulatedScale, wants: (part: SyncPart) => boolean, print: (report: string) => void): Promise<void> {
  if (wants('copy')) {
    const { rows, requests, firstSeconds, secondSeconds, rowsPerSecond } = await benchCopy(scale)
    print(
      `sync/copy: ${rows} records in ${requests} requests over HTTP, every field as the truth has it: ${firstSeconds.toFixed(1)} s first `
      + `(${Math.round(rowsPerSecond)} records/s), ${secondSeconds.toFixed(1)} s to find that nothing changed`,
    )
  }
  if (wants('rate')) print(`sync/rate, times of the processor\n${figureTable(await benchRate(scale, 3))}`)
  if (wants('requests')) {
    for (const { sync, used, fewest, byStream } of await benchRequests(scale)) {
      const streams = Object.entries(byStream).map(([stream, count]) => `${count} ${stream.replace('_', ' ')}`).join(', ')
      print(`sync/requests, ${sync}: ${used}, ${(used / fewest).toFixed(2)} × the fewest possible (${fewest}): ${streams}`)
    }
  }
  if (!wants('memory')) return
  for (const engine of ['sqljs', 'pglite'] as const) {
    const { records, requests, seconds, databaseMegabytes, peakMegabytes, heapMegabytesByTenth } = await benchMemory(engine, memoryScale)
    print(
      `sync/memory, ${engine}: ${records} records in ${requests} requests and ${seconds.toFixed(0)} s into a database of ${databaseMegabytes} MB; at most `
      + `${peakMegabytes.rss} MB of memory, ${peakMegabytes.heapUsed} MB of them JavaScript; left of these at each tenth: ${heapMegabytesByTenth.join(', ')}`,
    )
  }
}

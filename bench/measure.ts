/**
 * Times several ways of answering one question in turn, so that all see the same machine at the same moment, and gives
 * the percentiles of each; of two also a ratio. Nothing is judged here.
 */

export interface Percentiles {
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface Comparison {
  readonly ours: Percentiles
  readonly reference: Percentiles
  /** Median of ours over median of the reference. */
  readonly ratio: number
  /**
   * Of the processor time of this process that the fastest tenth of each side keeps within. A neighbour on the machine takes wall time
   * from both sides at random; of this it takes what it pushes out of the caches, which only adds, and more to the side with more code.
   * Waiting for a disk or a server is not in it.
   */
  readonly cpuRatio: number
}

export interface MeasureOptions {
  /** Rounds that are not counted, first. */
  readonly warmUp: number
  /** Counted rounds. */
  readonly samples: number
  /** Milliseconds of the processor after which `comparePair` counts no more rounds, but for ten; a quarter of them before it begins to count. */
  readonly enoughMs?: number | undefined
}

export async function comparePair(ours: () => Promise<unknown>, reference: () => Promise<unknown>, options: MeasureOptions): Promise<Comparison> {
  const times = { ours: [] as number[], reference: [] as number[] }
  const cpu = { ours: [] as number[], reference: [] as number[] }
  const { warmUp, samples, enoughMs = Infinity } = options
  let spentMs = 0
  for (let round = -warmUp; round < samples; round++) {
    if (round < 0 && spentMs > enoughMs / 4) round = 0
    if (round >= 10 && spentMs > enoughMs) break
    // Whoever goes second finds warmer caches: take turns.
    const order = round % 2 === 0 ? (['ours', 'reference'] as const) : (['reference', 'ours'] as const)
    for (const side of order) {
      const before = process.cpuUsage()
      const elapsed = await time(side === 'ours' ? ours : reference)
      const { user, system } = process.cpuUsage(before)
      spentMs += (user + system) / 1000
      if (round < 0) continue
      times[side].push(elapsed)
      cpu[side].push(user + system)
    }
  }
  const result = { ours: percentiles(times.ours), reference: percentiles(times.reference) }
  return { ...result, ratio: result.ours.p50 / result.reference.p50, cpuRatio: nearestRank(cpu.ours, 0.1) / nearestRank(cpu.reference, 0.1) }
}

/** Somebody whose work is timed. */
export interface Contestant {
  /** Does the work once, and gives its milliseconds; what is prepared for it is not among them. */
  sample(): Promise<number>
}

/** @throws what a contestant throws */
export async function takeTurns<C extends Contestant>(contestants: readonly C[], options: MeasureOptions): Promise<ReadonlyMap<C, Percentiles>> {
  const times = new Map<C, number[]>(contestants.map((contestant) => [contestant, []]))
  for (let round = -options.warmUp; round < options.samples; round++) {
    const first = Math.abs(round) % contestants.length
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const elapsed = await contestant.sample()
      if (round >= 0) times.get(contestant)?.push(elapsed)
    }
  }
  return new Map([...times].map(([contestant, samples]) => [contestant, percentiles(samples)]))
}

export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export function percentiles(samples: readonly number[]): Percentiles {
  return { p50: nearestRank(samples, 0.5), p95: nearestRank(samples, 0.95), p99: nearestRank(samples, 0.99) }
}

function nearestRank(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * samples.length) - 1)] ?? Number.NaN
}

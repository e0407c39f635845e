/**
 * Counts first: what is counted is the same on every machine, so the gate shuts at once when it got worse, and nothing is timed that may
 * take a thousand times as long. Then everything, and once more the benches that broke: a neighbour on the machine can spoil one run, and
 * a real step back is there in all of them. Of the runs of a figure the best ratio counts, and the highest of each count.
 */
import { nameOf, type Figure } from '../figure.ts'
import { breachesOf, type Baseline, type Breach } from './verdict.ts'

/** A bench of the gate. */
export interface GatedBench {
  readonly name: string
  /** What can be told without timing anything, which may be nothing. */
  count(): Promise<readonly Figure[]>
  /** All figures, also those that were counted; left out where there are no others. */
  time?: ((counted: readonly Figure[]) => Promise<readonly Figure[]>) | undefined
}

export interface GateResult {
  readonly figures: readonly Figure[]
  readonly breaches: readonly Breach[]
  /** How often each bench was timed. */
  readonly attempts: Readonly<Record<string, number>>
}

export interface GateOptions {
  readonly baseline: Baseline
  /** Runs of a bench, at most. */
  readonly attempts: number
  /** Told what a run broke, before it is run again. */
  readonly onBroken?: ((bench: string, breaches: readonly Breach[]) => void) | undefined
}

export async function runGate(benches: readonly GatedBench[], { baseline, attempts, onBroken }: GateOptions): Promise<GateResult> {
  const figures: Figure[] = []
  const breaches: Breach[] = []
  const runs: Record<string, number> = {}
  const counted = new Map<string, readonly Figure[]>()
  for (const bench of benches) {
    const count = await bench.count()
    const broken = breachesOf(count, baseline, bench.time === undefined ? [bench.name] : [])
    if (broken.length > 0) return { figures: count, breaches: broken, attempts: runs }
    counted.set(bench.name, count)
  }
  for (const bench of benches) {
    const count = counted.get(bench.name) ?? []
    if (bench.time === undefined) {
      figures.push(...count)
      continue
    }
    let best: readonly Figure[] = []
    let broken: readonly Breach[] = []
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      best = bestOf(best, await bench.time(count))
      broken = breachesOf(best, baseline, [bench.name])
      runs[bench.name] = attempt
      if (broken.length === 0) break
      if (attempt < attempts) onBroken?.(bench.name, broken)
    }
    figures.push(...best)
    breaches.push(...broken)
  }
  return { figures, breaches, attempts: runs }
}

function bestOf(before: readonly Figure[], now: readonly Figure[]): readonly Figure[] {
  const earlier = new Map(before.map((figure) => [nameOf(figure), figure]))
  return now.map((figure) => {
    const other = earlier.get(nameOf(figure))
    if (other === undefined) return figure
    const better = (other.ratio ?? Infinity) < (figure.ratio ?? Infinity) ? other : figure
    const counts = Object.fromEntries(Object.entries(figure.counts).map(([what, count]) => [what, Math.max(count, other.counts[what] ?? count)]))
    return { ...better, counts }
  })
}

/**
 * Runs benches, and once more those that broke: a neighbour on the machine can spoil one run, and a real step back is there in
 * all of them. Of the runs of a figure the best ratio counts, and the highest of each count, which no neighbour changes.
 */
import { nameOf, type Figure } from '../figure.ts'
import { breachesOf, type Baseline, type Breach } from './verdict.ts'

/** A bench of the gate. */
export interface GatedBench {
  readonly name: string
  run(): Promise<readonly Figure[]>
}

export interface GateResult {
  readonly figures: readonly Figure[]
  readonly breaches: readonly Breach[]
  /** How often each bench was run. */
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
  for (const bench of benches) {
    let best: readonly Figure[] = []
    let broken: readonly Breach[] = []
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      best = bestOf(best, await bench.run())
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

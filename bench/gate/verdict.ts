/**
 * What is broken in a run: a limit of the design, or a step back behind the committed baseline. Only ratios and counts are
 * judged: a slow machine slows both sides of a ratio, and a count is the same everywhere.
 */
import * as v from 'valibot'
import { nameOf, type Figure } from '../figure.ts'

const CountsSchema = v.record(v.string(), v.number())

/** What was reached before, by the name of the figure. */
export const BaselineSchema = v.record(v.string(), v.strictObject({ ratio: v.nullable(v.number()), counts: CountsSchema, work: v.optional(CountsSchema) }))
export type Baseline = v.InferOutput<typeof BaselineSchema>

export interface Breach {
  readonly bench: string
  /** Of the figure. */
  readonly name: string
  /** What was measured, what was allowed, and where that is written. */
  readonly reason: string
}

/** A ratio moves by about a fifth between quiet runs and a third on a loaded machine: what is beyond a half is no noise. */
export const ratioSlack = 1.5

/** PostgreSQL plans by a sample of the rows, so that what it does inside differs by some hundredths from account to account. */
export const workSlack = 1.25

/** @param benches that were run; what the baseline has of others is not missed */
export function breachesOf(figures: readonly Figure[], baseline: Baseline, benches: readonly string[]): readonly Breach[] {
  return [...figures.flatMap((figure) => ofFigure(figure, baseline[nameOf(figure)])), ...missing(figures, baseline, benches)]
}

export function baselineOf(figures: readonly Figure[]): Baseline {
  return Object.fromEntries(
    figures.map((figure) => {
      const { ratio, counts, work } = figure
      return [nameOf(figure), { ratio: ratio === null ? null : Number(ratio.toFixed(2)), counts: { ...counts }, ...(work === undefined ? {} : { work: { ...work } }) }]
    }),
  )
}

function ofFigure(figure: Figure, before: Baseline[string] | undefined): readonly Breach[] {
  const { bench, ratio, counts, work = {}, limits } = figure
  const name = nameOf(figure)
  const reasons: string[] = []
  if (ratio !== null && limits.ratio !== undefined && !(ratio <= limits.ratio)) {
    reasons.push(`takes ${times(ratio)} of the reference; the design allows ${times(limits.ratio)}`)
  }
  if (ratio !== null && typeof before?.ratio === 'number' && !(ratio <= before.ratio * ratioSlack)) {
    reasons.push(`takes ${times(ratio)} of the reference; the baseline is ${times(before.ratio)}`)
  }
  for (const [what, count] of Object.entries(counts)) {
    const [allowed, reached] = [limits.counts?.[what], before?.counts[what]]
    if (allowed !== undefined && !(count <= allowed)) reasons.push(`${what}: ${count}; at most ${allowed} are allowed`)
    else if (reached !== undefined && !(count <= reached)) reasons.push(`${what}: ${count}; the baseline is ${reached}`)
  }
  for (const [what, amount] of Object.entries(work)) {
    const reached = before?.work?.[what]
    if (reached !== undefined && !(amount <= reached * workSlack)) reasons.push(`${what} inside the engine: ${amount}; the baseline is ${reached}`)
  }
  return reasons.map((reason) => ({ bench, name, reason }))
}

/** An operation that is not measured any more cannot be seen to get worse. */
function missing(figures: readonly Figure[], baseline: Baseline, benches: readonly string[]): readonly Breach[] {
  const measured = new Set(figures.map(nameOf))
  return Object.keys(baseline)
    .map((name) => ({ name, bench: name.split(' / ')[0] ?? '' }))
    .filter(({ name, bench }) => benches.includes(bench) && !measured.has(name))
    .map((figure) => ({ ...figure, reason: 'is in the baseline and was not measured' }))
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`
}

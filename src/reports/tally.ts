/** Adds up groups of tests and bugs into the counts and rates of one part of the report. */
import { bugRates, ratio } from '../model/bug-rates.ts'
import type { BugOutcome, BugSeverity } from '../repositories/items.ts'
import { healthOf } from './health.ts'
import type { QualityCounts, QualitySummary, Thresholds } from './quality-report.ts'

/** Bugs that have these three in common. */
export interface BugGroup {
  readonly count: number
  readonly kind: string
  readonly severity: BugSeverity | null
  readonly outcome: BugOutcome
}

/** Tests that have these two in common. */
export interface TestGroup {
  readonly count: number
  readonly status: string
  readonly type: string | null
}

export class Tally {
  #tests = 0
  #bugs = 0
  readonly #byOutcome = new Map<BugOutcome, number>()
  readonly #bySeverity = new Map<BugSeverity, number>()
  readonly #byKind = new Map<string, number>()
  readonly #byStatus = new Map<string, number>()
  readonly #byType = new Map<string, number>()

  addTests({ count, status, type }: TestGroup): void {
    this.#tests += count
    add(this.#byStatus, status, count)
    add(this.#byType, String(type), count)
  }

  addBugs({ count, kind, severity, outcome }: BugGroup): void {
    this.#bugs += count
    add(this.#byOutcome, outcome, count)
    add(this.#byKind, kind, count)
    if (severity !== null) add(this.#bySeverity, severity, count)
  }

  counts(): QualityCounts {
    const outcome = (word: BugOutcome): number => this.#byOutcome.get(word) ?? 0
    const severity = (word: BugSeverity): number => this.#bySeverity.get(word) ?? 0
    const bugsByOutcome = {
      accepted: outcome('accepted'), autoAccepted: outcome('auto_accepted'), rejected: outcome('rejected'), open: outcome('open'), other: outcome('other'),
    }
    return {
      tests: this.#tests,
      bugs: this.#bugs,
      bugsByOutcome,
      bugsBySeverity: { critical: severity('critical'), high: severity('high'), low: severity('low') },
      bugsByKind: mostFirst(this.#byKind),
      bugsPerTest: ratio(this.#bugs, this.#tests),
      ...bugRates({ total: this.#bugs, ...bugsByOutcome }),
    }
  }

  summary(thresholds: Thresholds): QualitySummary {
    const counts = this.counts()
    return { ...counts, testsByStatus: mostFirst(this.#byStatus), testsByType: mostFirst(this.#byType), health: healthOf(counts, thresholds) }
  }
}

/** That of the key, made when it is not there. */
export function tallyAt<Key>(tallies: Map<Key, Tally>, key: Key): Tally {
  const found = tallies.get(key)
  if (found !== undefined) return found
  const made = new Tally()
  tallies.set(key, made)
  return made
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}

function mostFirst(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)))
}

/** A report made of plain values, with texts of strangers wherever it can have them. */
import { HOSTILE_TEXTS, VERY_LONG_TEXT } from '../../src/simulator/words/hostile.ts'
import { defaultThresholds, healthOf } from '../../src/reports/health.ts'
import type { QualityCounts, QualityOfMonth, QualityOfTest, QualityOverview, QualitySummary } from '../../src/reports/quality-report.ts'
import type { OpenReport } from '../../src/reports/read-quality.ts'

export const hostile: readonly string[] = [...HOSTILE_TEXTS, VERY_LONG_TEXT, '"><svg onload=alert(1)>', "' onmouseover='alert(1)", '</title></style><script>alert(1)</script>', ']]>', '&lt;b&gt; &amp; &#60;', '<!--', '\u0000\uD800']

const nothing: QualityCounts = {
  tests: 0, bugs: 0, bugsByOutcome: { open: 0, accepted: 0, autoAccepted: 0, rejected: 0, other: 0 }, bugsBySeverity: { critical: 0, high: 0, low: 0 }, bugsByKind: {}, bugsPerTest: null,
  overallAcceptanceRate: null, activeAcceptanceRate: null, autoAcceptanceRate: null, rejectionRate: null, reviewRate: null,
}

export function counts(bugs: number): QualityCounts {
  if (bugs === 0) return { ...nothing, tests: 1, bugsPerTest: 0 }
  const [accepted, autoAccepted, rejected, open] = [Math.ceil(bugs / 3), Math.floor(bugs / 4), Math.floor(bugs / 6), Math.floor(bugs / 7)]
  return {
    ...nothing, tests: 1, bugs, bugsPerTest: bugs, bugsByKind: { functional: bugs }, bugsBySeverity: { critical: 0, high: bugs, low: 0 },
    bugsByOutcome: { accepted, autoAccepted, rejected, open, other: bugs - accepted - autoAccepted - rejected - open },
    overallAcceptanceRate: (accepted + autoAccepted) / bugs, activeAcceptanceRate: accepted / bugs, autoAcceptanceRate: autoAccepted / (accepted + autoAccepted),
    rejectionRate: rejected / bugs, reviewRate: (accepted + rejected) / bugs,
  }
}

export function summary(bugs: number): QualitySummary {
  const figures = counts(bugs)
  return { ...figures, testsByStatus: { locked: 1 }, testsByType: { null: 1 }, health: healthOf(figures, defaultThresholds) }
}

export function month(name: string | null, bugs: number): QualityOfMonth {
  return { month: name, ...summary(bugs) }
}

export function madeTest(testId: number, title: string, bugs = 3): QualityOfTest {
  return { testId, title, productId: 1, status: title, testingType: title, startAt: null, endAt: '2026-03-03T08:00:00.000Z', ...counts(bugs) }
}

export interface Made extends Partial<QualityOverview> {
  readonly byTest?: readonly QualityOfTest[]
}

/** What every block has is overridden by what is given. */
export function madeReport({ byTest = hostile.map((title, index) => madeTest(index + 1, title)), ...blocks }: Made = {}): OpenReport {
  const overview: QualityOverview = {
    scope: { statuses: ['locked', ...hostile], range: { from: '2026-01-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', field: 'end_at', timeZone: 'UTC' }, productIds: [1], testIds: null },
    generatedAt: '2026-04-01T12:00:00.000Z', summary: { ...summary(40), tests: byTest.length, bugsByKind: Object.fromEntries(hostile.map((word) => [word, 1])) }, thresholds: defaultThresholds,
    byProduct: hostile.map((product, index) => ({ productId: index + 1, product, ...summary(index) })),
    trend: [month('2025-11', 3), month('2026-01', 12), month('2026-03', 25), month(null, 1)],
    topFeatures: hostile.slice(0, 10).map((feature, index) => ({ featureId: index + 1, feature, testCount: 1, bugCount: 10 - index, bugsPerTest: 10 - index })),
    platforms: [...hostile.slice(10, 16), null].map((platform, index) => ({ platform, critical: index, high: 2, low: 1, otherKinds: 1, bugs: index + 4 })),
    rejectionReasons: hostile.map((reason) => ({ reason, bugCount: 1 })),
    topTesters: hostile.map((tester) => ({ tester, bugCount: 1, severityScore: 3, overallAcceptanceRate: null, rejectionRate: 1 })),
    warnings: ['Product 2 is not in the local copy.'], freshness: { asOf: null, ageSeconds: null, stale: true, incomplete: true }, ...blocks,
  }
  return {
    overview,
    pages: (async function* () {
      for (let at = 0; at === 0 || at < byTest.length; at += 10) yield { tests: byTest.slice(at, at + 10), next: null }
    })(),
    cursorBehind: () => null,
  }
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

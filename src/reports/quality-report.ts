/** What the quality report is asked and what it answers, as the library gives it (contracts, section 3). */
import type { Freshness } from '../repositories/freshness.ts'
import type { BugRates, SeverityCounts } from '../repositories/items.ts'

/** The rates that are judged. */
export const healthRates = ['rejectionRate', 'autoAcceptanceRate', 'reviewRate'] as const satisfies readonly (keyof BugRates)[]
/** The name of a rate that is judged. */
export type HealthRate = (typeof healthRates)[number]

/** `unknown` where there is nothing to divide by. */
export type Health = 'healthy' | 'warning' | 'critical' | 'unknown'

/** Fractions from 0 to 1; a rate that is just there has reached them. */
export interface Threshold {
  readonly warning: number
  readonly critical: number
}
/** For each judged rate, where it begins to worry. */
export type Thresholds = Readonly<Record<HealthRate, Threshold>>

/** What is left out keeps its default. */
export type GivenThreshold = { readonly [Part in keyof Threshold]?: Threshold[Part] | undefined }
/** Thresholds of some rates; of the others the defaults hold. */
export type GivenThresholds = { readonly [Rate in HealthRate]?: GivenThreshold | undefined }

/** What a quality report is to be about. */
export interface QualityInput {
  /** One or more. */
  readonly productIds: readonly number[]
  /** Only these, whatever their status; not together with a range or statuses. */
  readonly testIds?: readonly number[] | undefined
  /** Time phrase on `endAt` of the tests; a span sets both ends. */
  readonly from?: string | undefined
  /** Time phrase; a bare day or a span is included. */
  readonly to?: string | undefined
  /** Default the executed ones. */
  readonly statuses?: readonly string[] | undefined
  /** Where rates begin to worry; for what is left out, those of `openTidemark`. */
  readonly thresholds?: GivenThresholds | undefined
  /** Tests in `byTest`. Default all of them. */
  readonly limit?: number | undefined
  /** `nextCursor` of the report before: `byTest` goes on behind it. */
  readonly cursor?: string | undefined
}

/** Counted over the tests of a part of the report, and over their bugs. */
export interface QualityCounts extends BugRates {
  readonly tests: number
  readonly bugs: number
  readonly bugsByOutcome: Readonly<Record<'open' | 'accepted' | 'autoAccepted' | 'rejected' | 'other', number>>
  /** Functional bugs; the others have none. */
  readonly bugsBySeverity: SeverityCounts
  /** By upstream word, those that occur. */
  readonly bugsByKind: Readonly<Record<string, number>>
  /** Null without tests. */
  readonly bugsPerTest: number | null
}

/** Figures of a part of the report, with the verdicts on its rates. */
export interface QualitySummary extends QualityCounts {
  /** By upstream word, those that occur. */
  readonly testsByStatus: Readonly<Record<string, number>>
  /** Likewise; `null` for tests without a type. */
  readonly testsByType: Readonly<Record<string, number>>
  readonly health: Readonly<Record<HealthRate, Health>>
}

/** The figures of one product. */
export interface QualityOfProduct extends QualitySummary {
  readonly productId: number
  readonly product: string
}

/** The figures of the tests that ended in one month. */
export interface QualityOfMonth extends QualitySummary {
  /** `2026-03`, of `endAt` in the time zone of the range; null for tests without a date. */
  readonly month: string | null
}

/** The figures of one test. */
export interface QualityOfTest extends QualityCounts {
  readonly testId: number
  readonly title: string
  readonly productId: number
  readonly status: string
  readonly testingType: string | null
  readonly startAt: string | null
  readonly endAt: string | null
}

export interface FeatureQuality {
  readonly featureId: number
  readonly feature: string | null
  readonly testCount: number
  readonly bugCount: number
  readonly bugsPerTest: number | null
}

/** A bug on several platforms counts on each of them. */
export interface PlatformQuality extends SeverityCounts {
  /** Null: the devices of the bugs name none. */
  readonly platform: string | null
  readonly otherKinds: number
  readonly bugs: number
}

export interface TesterQuality {
  readonly tester: string
  readonly bugCount: number
  readonly severityScore: number
  readonly overallAcceptanceRate: number | null
  readonly rejectionRate: number | null
}

/** Everything but the tests one by one. */
export interface QualityOverview {
  readonly scope: {
    /** Null where tests were named one by one. */
    readonly statuses: readonly string[] | null
    readonly range: { readonly from: string | null; readonly to: string | null; readonly field: 'end_at'; readonly timeZone: string }
    readonly productIds: readonly number[]
    readonly testIds: readonly number[] | null
  }
  readonly generatedAt: string
  readonly summary: QualitySummary
  readonly thresholds: Thresholds
  /** By name; also products without a test in scope. */
  readonly byProduct: readonly QualityOfProduct[]
  /** Earliest first; months without a test are left out. */
  readonly trend: readonly QualityOfMonth[]
  /** The ten with the most bugs. */
  readonly topFeatures: readonly FeatureQuality[]
  /** Most bugs first. */
  readonly platforms: readonly PlatformQuality[]
  /** Of rejected bugs, most first. */
  readonly rejectionReasons: readonly { readonly reason: string; readonly bugCount: number }[]
  /** The ten with the most bugs. */
  readonly topTesters: readonly TesterQuality[]
  readonly warnings: readonly string[]
  readonly freshness: Freshness
}

/** A quality report with its tests one by one. */
export interface QualityReport extends QualityOverview {
  /** The latest end first. */
  readonly byTest: readonly QualityOfTest[]
  /** There are tests behind the last one; `summary.tests` counts all. */
  readonly truncated: boolean
  readonly nextCursor: string | null
}

export const reportFormats = ['json', 'markdown', 'csv', 'html'] as const
/** The form in which a report is written. */
export type ReportFormat = (typeof reportFormats)[number]

/** Takes a report as text, piece by piece. */
export interface TextSink {
  /** Throws away what came so far: another program changed the database, and the report begins again. Also called at first. */
  begin(): void | Promise<void>
  write(text: string): void | Promise<void>
}

/** What was written. */
export interface WrittenReport {
  /** Tests in it. */
  readonly rows: number
  readonly overview: QualityOverview
}

/** What `tidemark.reports` offers. */
export interface Reports {
  /** By which a report judges that is not given others. */
  readonly thresholds: Thresholds
  /**
   * How good the tests of some products are and what became of their bugs: all blocks of one state of the copy and of one scope,
   * that of analytics with the same filters.
   *
   * @throws TidemarkError `argument_invalid` naming every bad option, `cursor_invalid`
   *
   * @example
   * const { summary } = await tidemark.reports.quality({ productIds: [598], from: 'last quarter' })
   */
  quality(input: QualityInput): Promise<QualityReport>
  /**
   * The same as a document, in pieces, so that any number of tests fits into little memory. CSV has the tests alone. The copy
   * cannot be written while it lasts, on engines with one connection.
   *
   * @throws TidemarkError as `quality`, and whatever the sink throws
   */
  writeQuality(input: QualityInput, format: ReportFormat, sink: TextSink): Promise<WrittenReport>
}

/** What is asked of analytics and what it answers, as the library gives it (contracts, section 2). */
import type { Freshness } from '../repositories/freshness.ts'
import type { DimensionKey } from './dimensions.ts'
import type { FilterValue } from './filter.ts'
import type { IdFilterKey } from './id-filters.ts'
import type { MetricKey } from './metrics.ts'

/** What can be filtered by: the dimensions, and ids. */
export type AnalyticsFilterKey = DimensionKey | IdFilterKey

/** A value, or several of which any will do; null for those without a value. `not` takes what does not match. */
export type AnalyticsFilter = FilterValue | null | readonly (FilterValue | null)[] | { readonly not: FilterValue | null | readonly (FilterValue | null)[] }

/** A question: which metrics, by which dimensions, over which tests and bugs. */
export interface AnalyticsQuestion<Metric extends MetricKey = MetricKey, Dimension extends DimensionKey = DimensionKey> {
  /** At least one; the first decides the order where no dimension is a time. */
  readonly metrics: readonly Metric[]
  /** Up to four. Default none: one row. */
  readonly dimensions?: readonly Dimension[] | undefined
  /** Without one on `test_status` only executed tests count. */
  readonly filters?: { readonly [Key in AnalyticsFilterKey as Key | Camel<Key>]?: AnalyticsFilter | undefined } | undefined
  /** Time phrase on `end_at` of the tests; a span sets both ends. */
  readonly from?: string | undefined
  /** Time phrase; a bare day or a span is included. */
  readonly to?: string | undefined
  /** IANA zone for time phrases and time dimensions. Default that of the Tidemark. */
  readonly timeZone?: string | undefined
  /** One of the metrics or dimensions. Default the first time dimension, else the first metric. */
  readonly sortBy?: Metric | Dimension | undefined
  /** Default `asc` for dimensions, `desc` for metrics. */
  readonly sortOrder?: 'asc' | 'desc' | undefined
  /** Rows, 1–1,000. Default 100. */
  readonly limit?: number | undefined
  /** `nextCursor` of the answer before. */
  readonly cursor?: string | undefined
  /** Adds one row for all groups behind the limit. Default false. */
  readonly other?: boolean | undefined
  /** Adds the figures of the range of the same length before, and the differences. Needs a range. */
  readonly compare?: 'previous' | undefined
  /** Adds the ids behind each row; as an object, only for rows with these values of dimensions. Takes up to 100 rows. Default false. */
  readonly drill?: boolean | { readonly [Key in Dimension | `${Dimension}_id` as Key | Camel<Key>]?: FilterValue | null } | undefined
}

/** Null where there is nothing to divide by. */
export type Figures<Metric extends MetricKey = MetricKey> = { readonly [Key in Metric as Key | Camel<Key>]: number | null }

export interface ComparedFigures<Metric extends MetricKey = MetricKey> {
  /** The figures of the range before; only with `compare`, and null where rows of the two ranges have nothing in common. */
  readonly previous?: Figures<Metric> | null
  /** Those of the range minus those of the range before; null where one of them is. */
  readonly difference?: Figures<Metric> | null
}

/** One group with its figures. */
export type AnalyticsRow<Metric extends MetricKey = MetricKey, Dimension extends DimensionKey = DimensionKey> = Figures<Metric> &
  ComparedFigures<Metric> & { readonly [Key in Dimension as Key | Camel<Key>]: string | boolean | null } & {
    readonly [Key in Dimension as `${Key}_id` | Camel<`${Key}_id`>]?: number | null
  } & {
    /** The row stands for all groups behind the limit; its dimensions are null. */
    readonly other?: true
    /** How many groups it stands for; with `other`. */
    readonly groups?: number
    /** Ascending ids of the tests and bugs that were counted; with `drill`. */
    readonly drill?: { readonly testIds: readonly number[]; readonly bugIds: readonly number[] }
  }

/** The kinds of charts that are hinted at; `table` where none is honest. */
export type ChartType = 'line' | 'multi_line' | 'bar' | 'stacked_bar' | 'grouped_bar' | 'pie' | 'heatmap' | 'table'

/** A chart that suits the rows of an answer, and why it does. */
export interface ChartHint {
  readonly type: ChartType
  /** Key of a dimension. */
  readonly x: string | null
  /** Key of a metric. */
  readonly y: string | null
  /** Key of the dimension that is told apart by colour; of a heatmap its other axis. */
  readonly series: string | null
  readonly why: string
}

/**
 * Rows, totals and filters are keyed by the words of the question (`bug_count`), by which charts and tables find them. Code
 * may read the same in camelCase (`row.bugCount`); that spelling is not enumerated.
 */
export interface AnalyticsAnswer<Metric extends MetricKey = MetricKey, Dimension extends DimensionKey = DimensionKey> {
  readonly rows: readonly AnalyticsRow<Metric, Dimension>[]
  /** All groups, over all pages. */
  readonly totalRows: number
  /** There are groups behind the last row that are not part of any. */
  readonly truncated: boolean
  readonly nextCursor: string | null
  /** Each metric over the whole scope: never the sum of rows that overlap. */
  readonly totals: Figures<Metric> & ComparedFigures<Metric>
  readonly range: {
    readonly from: string | null
    /** Exclusive. */
    readonly to: string | null
    readonly field: 'end_at'
    readonly timeZone: string
    /** With `compare`. */
    readonly previous?: { readonly from: string; readonly to: string }
  }
  /** The filters in force, the default one included. */
  readonly filters: Readonly<Record<string, AnalyticsFilter>>
  /** The question in plain words. */
  readonly explanation: string
  readonly warnings: readonly string[]
  readonly chart: ChartHint
  readonly freshness: Freshness
}

/** What can be asked, for whoever builds questions. */
export interface AnalyticsCapabilities {
  readonly dimensions: readonly {
    readonly key: DimensionKey
    /** `bug`: tests are not grouped by it. `test and bug`: each by its own. */
    readonly level: 'test' | 'bug' | 'test and bug'
    /** A test or bug can be in several groups, so rows add up to more than the totals. */
    readonly many: boolean
    readonly type: 'text' | 'boolean'
    /** What rows carry beside it. */
    readonly idKey: string | null
    /** All values, where the list is closed. */
    readonly values: readonly string[] | null
    readonly meaning: string
    readonly example: string
  }[]
  readonly metrics: readonly {
    readonly key: MetricKey
    /** `ratio`: an unrounded fraction, null where there is nothing to divide by. */
    readonly type: 'count' | 'ratio'
    readonly meaning: string
    readonly example: string
  }[]
  /** What can be filtered by; each takes a value, a list, or `{ not: … }`. */
  readonly filters: readonly AnalyticsFilterKey[]
  readonly limits: { readonly dimensions: number; readonly rows: number; readonly defaultRows: number; readonly drillRows: number; readonly filterValues: number }
  /** Forms of time phrases, by example. */
  readonly timePhrases: readonly string[]
}

/** What `tidemark.analytics` offers. */
export interface Analytics {
  /**
   * Counts over tests and their bugs, by up to four dimensions.
   *
   * @throws TidemarkError `argument_invalid` naming every bad argument and what is valid, `cursor_invalid`
   *
   * @example
   * const { rows } = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['severity'], from: 'last quarter' })
   */
  query<const Metric extends MetricKey, const Dimension extends DimensionKey = never>(
    question: AnalyticsQuestion<Metric, Dimension>,
  ): Promise<AnalyticsAnswer<Metric, Dimension>>
  /** What can be asked. */
  capabilities(): AnalyticsCapabilities
}

type Camel<Word extends string> = Word extends `${infer Head}_${infer Rest}` ? `${Head}${Capitalize<Camel<Rest>>}` : Word

/** The public core of Tidemark. */
export { openTidemark } from './open-tidemark.ts'
export { isTidemarkError, TidemarkError, type TidemarkErrorCode, type TidemarkErrorOptions } from './errors.ts'
export { version } from './version.ts'
export type {
  DiagnosticCheck, Diagnostics, EntityQueries, Logger, OpenTidemarkOptions, RefreshableQueries, RefreshRequest, ScheduleOptions, TestioOptions, Tidemark,
} from './tidemark.ts'
export type {
  Analytics, AnalyticsAnswer, AnalyticsCapabilities, AnalyticsFilter, AnalyticsFilterKey, AnalyticsQuestion, AnalyticsRow, ChartHint, ChartType,
} from './analytics/question.ts'
export type {
  GivenThreshold, GivenThresholds, Health, HealthRate, QualityInput, QualityOfMonth, QualityOfProduct, QualityOfTest, QualityOverview, QualityReport, QualitySummary, ReportFormat, Reports, TextSink, Threshold,
  Thresholds, WrittenReport,
} from './reports/quality-report.ts'
export type { DimensionKey } from './analytics/dimensions.ts'
export type { MetricKey } from './analytics/metrics.ts'
export type { Freshness } from './repositories/freshness.ts'
export type { ListOptions, ListResult } from './repositories/list.ts'
export type {
  BugItem, BugListOptions, BugOutcome, BugRates, BugSeverity, BugSort, BugSummary, FeatureItem, FeatureListOptions, FeatureSort,
  FeatureSummary, OutcomeCounts, ProductItem, ProductListOptions, ProductSort, ProductSummary, SeverityCounts, TestItem, TestListOptions,
  TestSort, TestSummary, UserItem, UserListOptions, UserRole, UserSort, UserSummary,
} from './repositories/items.ts'
export type { SearchEntity } from './search/document.ts'
export type { SearchItem, SearchOptions } from './search/search.ts'
export type { Quarantine, QuarantineScope } from './sync/quarantine-access.ts'
export type { QuarantineEntry } from './sync/quarantine.ts'
export type { StreamReport, SyncRunReport, SyncStatus } from './sync/status.ts'
export type { LeaseHolder } from './sync/lease.ts'
export type { BreakerStatus } from './testio/breaker.ts'
export type { SyncMode, SyncOptions, SyncOutcome, SyncProgress, SyncResult, SyncStep, SyncStream } from './sync/types.ts'
export type { InsertOf, RowOf, TableName, TidemarkDatabase } from './model/schema.ts'
export type {
  Dialect, JsonObject, JsonParameter, JsonValue, Queryable, QueryResult, Row, SqlValue, Statement, Storage, StorageCapabilities,
  Transaction, TransactionOptions,
} from './storage/storage.ts'

/** All tools, in the order in which they are listed. */
import type { Tool } from './tool.ts'
import { generateQualityReport } from './tools/generate-quality-report.ts'
import { getAnalyticsCapabilities } from './tools/get-analytics-capabilities.ts'
import { getBugSummary } from './tools/get-bug-summary.ts'
import { getFeatureSummary } from './tools/get-feature-summary.ts'
import { getProductSummary } from './tools/get-product-summary.ts'
import { getQuarantine } from './tools/get-quarantine.ts'
import { getServerDiagnostics } from './tools/get-server-diagnostics.ts'
import { getSyncStatus } from './tools/get-sync-status.ts'
import { getTestSummary } from './tools/get-test-summary.ts'
import { getUserSummary } from './tools/get-user-summary.ts'
import { listBugs } from './tools/list-bugs.ts'
import { listFeatures } from './tools/list-features.ts'
import { listProducts } from './tools/list-products.ts'
import { listTests } from './tools/list-tests.ts'
import { listUsers } from './tools/list-users.ts'
import { queryMetrics } from './tools/query-metrics.ts'
import { search } from './tools/search.ts'
import { syncData } from './tools/sync-data.ts'

export const tools: readonly Tool[] = [
  listProducts, listTests, listBugs, listFeatures, listUsers,
  getProductSummary, getTestSummary, getFeatureSummary, getUserSummary, getBugSummary,
  search, getAnalyticsCapabilities, queryMetrics, generateQualityReport,
  syncData, getSyncStatus, getQuarantine, getServerDiagnostics,
]

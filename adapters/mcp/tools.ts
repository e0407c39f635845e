/** All tools, in the order in which they are listed. */
import type { Tool } from './tool.ts'
import { getQuarantine } from './tools/get-quarantine.ts'
import { getServerDiagnostics } from './tools/get-server-diagnostics.ts'
import { getSyncStatus } from './tools/get-sync-status.ts'
import { getTestSummary } from './tools/get-test-summary.ts'
import { listBugs } from './tools/list-bugs.ts'
import { listProducts } from './tools/list-products.ts'
import { listTests } from './tools/list-tests.ts'
import { syncData } from './tools/sync-data.ts'

export const tools: readonly Tool[] = [listProducts, listTests, listBugs, getTestSummary, syncData, getSyncStatus, getQuarantine, getServerDiagnostics]

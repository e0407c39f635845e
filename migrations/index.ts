/** Tidemark's own revisions, oldest first, so that a bundle needs no file system to find them. */
import type { Revision } from '../src/migrate/revision.ts'
import baseline from './20261125_0310_3f6c1d0a9b27_baseline.ts'
import testFeatures from './20261125_0320_a41e7c52d8f0_test_features.ts'
import rowLevelSecurity from './20261125_0912_c5d20b8e6f14_row_level_security.ts'
import syncBookkeeping from './20261128_1950_9b3e61d7f2c4_sync_bookkeeping.ts'
import fullTextSearch from './20261128_2215_e7a93c41b5d6_full_text_search.ts'
import analyticsIndexes from './20261128_2245_5c0f7be2a19d_analytics_indexes.ts'
import whatBugsReadAtSays from './20261129_0055_8d41f6a07c35_what_bugs_read_at_says.ts'
import deviceSetsOfBugs from './20261129_0140_c7e14a9d3b62_device_sets_of_bugs.ts'
import whatPeopleDid from './20261129_0440_2f80b5d94ae1_what_people_did.ts'
import countsOfProducts from './20261129_0520_a4d19c60e7b2_counts_of_products.ts'

export const revisions: readonly Revision[] = [
  baseline, testFeatures, rowLevelSecurity, syncBookkeeping, fullTextSearch, analyticsIndexes, whatBugsReadAtSays, deviceSetsOfBugs, whatPeopleDid, countsOfProducts,
]

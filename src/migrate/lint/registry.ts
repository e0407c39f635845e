/** All rules, in the order in which their findings about one operation are told. */
import type { RegisteredRule } from './rule.ts'
import { checkOverViolations } from './rules/check-over-violations.ts'
import { checkValidates } from './rules/check-validates.ts'
import { concurrentInTransaction } from './rules/concurrent-in-transaction.ts'
import { dropBreaksOlderPrograms } from './rules/drop-breaks-older-programs.ts'
import { dropColumnWithData } from './rules/drop-column-with-data.ts'
import { dropTableWithRows } from './rules/drop-table-with-rows.ts'
import { enumInTransaction } from './rules/enum-in-transaction.ts'
import { enumValueUsedInSameRevision } from './rules/enum-value-used-in-same-revision.ts'
import { foreignKeyOverOrphans } from './rules/foreign-key-over-orphans.ts'
import { foreignKeyValidates } from './rules/foreign-key-validates.ts'
import { indexNotConcurrent } from './rules/index-not-concurrent.ts'
import { irreversibleWithoutReason } from './rules/irreversible-without-reason.ts'
import { narrowType } from './rules/narrow-type.ts'
import { notNullOverNulls } from './rules/not-null-over-nulls.ts'
import { notNullWithoutDefault } from './rules/not-null-without-default.ts'
import { rawSql } from './rules/raw-sql.ts'
import { rebuildLargeTable } from './rules/rebuild-large-table.ts'
import { renameBreaksOlderPrograms } from './rules/rename-breaks-older-programs.ts'
import { setNotNullScans } from './rules/set-not-null-scans.ts'
import { tableRewrite } from './rules/table-rewrite.ts'
import { uniqueOverDuplicates } from './rules/unique-over-duplicates.ts'

export const rules: readonly RegisteredRule[] = [
  // What is lost.
  dropTableWithRows, dropColumnWithData, narrowType, irreversibleWithoutReason,
  // What fails.
  notNullWithoutDefault, notNullOverNulls, uniqueOverDuplicates, checkOverViolations, foreignKeyOverOrphans, concurrentInTransaction, enumValueUsedInSameRevision,
  // What others wait for.
  tableRewrite, indexNotConcurrent, foreignKeyValidates, checkValidates, setNotNullScans, rebuildLargeTable, enumInTransaction,
  // What older programs meet.
  renameBreaksOlderPrograms, dropBreaksOlderPrograms,
  // What is not read.
  rawSql,
]

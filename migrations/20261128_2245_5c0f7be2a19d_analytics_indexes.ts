/** What analytics reads of bugs and of their devices stands in indexes, so that a count over all bugs never reads their texts. */
import { defineRevision } from '../src/migrate/revision.ts'

const before = 'ix_bugs_customer_id_test_id_outcome_severity_rank_deleted_at'
const columnsBefore = ['customer_id', 'test_id', 'outcome', 'severity_rank', 'deleted_at']

export default defineRevision({
  id: '5c0f7be2a19d',
  down: ['e7a93c41b5d6'],
  message: 'indexes that hold what analytics reads',
  createdAt: '2026-11-28T22:45:00Z',

  async upgrade(op) {
    // In the place of a narrower one, so that a sync writes as many entries as before.
    await op.createIndex('ix_bugs_of_test', 'bugs', [...columnsBefore, 'kind', 'tester', 'test_feature_id', 'rejection_reason', 'known', 'language', 'id'])
    await op.dropIndex(before, 'bugs')
    await op.createIndex('ix_bug_devices_of_bug', 'bug_devices', ['customer_id', 'bug_id', 'position', 'operating_system', 'category'])
  },

  async downgrade(op) {
    await op.dropIndex('ix_bug_devices_of_bug', 'bug_devices')
    await op.createIndex(before, 'bugs', columnsBefore)
    await op.dropIndex('ix_bugs_of_test', 'bugs')
  },
})

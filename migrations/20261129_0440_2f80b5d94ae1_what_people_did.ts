/**
 * What is asked of the bugs of a tester, and of the tests that somebody set up, stands in the index that leads to them: lists of
 * people no longer read every bug and test, and analytics by tester, read in the order of the index, need not sort them.
 */
import { defineRevision } from '../src/migrate/revision.ts'

const before = { name: 'ix_bugs_customer_id_tester_reported_at_deleted_at', columns: ['customer_id', 'tester', 'reported_at', 'deleted_at'] }
const after = { name: 'ix_bugs_of_tester', columns: [...before.columns, 'test_id', 'outcome', 'severity_rank', 'known', 'id'] }

export default defineRevision({
  id: '2f80b5d94ae1',
  down: ['c7e14a9d3b62'],
  message: 'indexes of what people did',
  createdAt: '2026-11-29T04:40:00Z',

  async upgrade(op) {
    await op.createIndex(after.name, 'bugs', after.columns)
    await op.dropIndex(before.name, 'bugs')
    await op.createIndex('ix_tests_of_creator', 'tests', ['customer_id', 'created_by', 'deleted_at', 'start_at', 'end_at', 'id'])
    await op.createIndex('ix_tests_of_submitter', 'tests', ['customer_id', 'submitted_by', 'created_by', 'deleted_at', 'start_at', 'end_at', 'id'])
  },

  async downgrade(op) {
    await op.dropIndex('ix_tests_of_submitter', 'tests')
    await op.dropIndex('ix_tests_of_creator', 'tests')
    await op.createIndex(before.name, 'bugs', before.columns)
    await op.dropIndex(after.name, 'bugs')
  },
})

/**
 * What is asked of the bugs of a tester stands in the index that leads to them: lists of people no longer read every bug, and
 * analytics by tester, read in the order of the index, need not sort them.
 */
import { defineRevision } from '../src/migrate/revision.ts'

const before = { name: 'ix_bugs_customer_id_tester_reported_at_deleted_at', columns: ['customer_id', 'tester', 'reported_at', 'deleted_at'] }
const after = { name: 'ix_bugs_of_tester', columns: [...before.columns, 'test_id', 'outcome', 'severity_rank', 'known', 'id'] }

export default defineRevision({
  id: '2f80b5d94ae1',
  down: ['c7e14a9d3b62'],
  message: 'what is asked of the bugs of a tester',
  createdAt: '2026-11-29T04:40:00Z',

  async upgrade(op) {
    await op.createIndex(after.name, 'bugs', after.columns)
    await op.dropIndex(before.name, 'bugs')
  },

  async downgrade(op) {
    await op.createIndex(before.name, 'bugs', before.columns)
    await op.dropIndex(after.name, 'bugs')
  },
})

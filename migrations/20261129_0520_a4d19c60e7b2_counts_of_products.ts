/** The totals of lists are sums of the counts that products keep: they stand in an index, so that no description is read for them. */
import { defineRevision } from '../src/migrate/revision.ts'

export default defineRevision({
  id: 'a4d19c60e7b2',
  down: ['2f80b5d94ae1'],
  message: 'an index of the kept counts of products',
  createdAt: '2026-11-29T05:20:00Z',

  async upgrade(op) {
    await op.createIndex('ix_products_counts', 'products', ['customer_id', 'deleted_at', 'test_count', 'bug_count', 'id'])
  },

  async downgrade(op) {
    await op.dropIndex('ix_products_counts', 'products')
  },
})

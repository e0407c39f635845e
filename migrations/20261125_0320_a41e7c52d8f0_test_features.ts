/** The features of a test as they were when it was made, and the one that a bug was reported on. */
import { defineRevision } from '../src/migrate/revision.ts'
import { c } from '../src/schema/column.ts'

export default defineRevision({
  id: 'a41e7c52d8f0',
  down: ['3f6c1d0a9b27'],
  message: 'features of tests and bugs',
  createdAt: '2026-11-25T03:20:00Z',
  lossy: 'test_features goes, and with it the feature of each bug; a sync brings both back',

  async upgrade(op) {
    await op.createTable('test_features', {
      customer_id: c.bigint().notNull().comment('The TestIO customer account; first in every key'),
      id: c.bigint().notNull().comment('Id of the snapshot, unique to the test'),
      test_id: c.bigint().notNull(),
      feature_id: c.bigint().comment('The catalogue feature, which may be gone; null on some old tests'),
      title: c.text().notNull().comment('As it was when the test was made'),
    }, {
      primaryKey: ['customer_id', 'id'],
      indexes: [
        // Serves: the features of a test.
        { columns: ['customer_id', 'test_id'] },
        // Serves: tests and bugs of a feature.
        { columns: ['customer_id', 'feature_id', 'test_id'] },
      ],
      foreignKeys: [{ columns: ['customer_id', 'test_id'], references: { table: 'tests', columns: ['customer_id', 'id'] }, onDelete: 'cascade' }],
      comment: 'Snapshots of features inside tests',
    })
    await op.batch('bugs', async (t) => {
      await t.addColumn('test_feature_id', c.bigint().comment('The snapshot it was reported on; null on some bugs'))
      await t.createForeignKey('fk_bugs_customer_id_test_feature_id', ['customer_id', 'test_feature_id'], { table: 'test_features', columns: ['customer_id', 'id'] })
      // Serves: bugs of a feature.
      await t.createIndex('ix_bugs_customer_id_test_feature_id', ['customer_id', 'test_feature_id'])
    })
    // What was read before knows no snapshots: the next sync reads it again, and until then nothing is called complete.
    await op.execute(`update payloads set hash = '' where entity in ('test', 'bug')`)
    await op.execute('update tests set bugs_read_at = null, bugs_read_status = null')
    await op.execute(`update sync_streams set last_success_at = null where stream in ('tests', 'bugs')`)
  },

  async downgrade(op) {
    await op.batch('bugs', async (t) => {
      await t.dropIndex('ix_bugs_customer_id_test_feature_id')
      await t.dropConstraint('fk_bugs_customer_id_test_feature_id')
      await t.dropColumn('test_feature_id')
    })
    await op.dropTable('test_features')
  },
})

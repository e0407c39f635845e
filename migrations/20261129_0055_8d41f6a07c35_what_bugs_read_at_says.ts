/** A comment that tells the truth: a test whose bugs were read again in the same status keeps its moment. */
import { defineRevision } from '../src/migrate/revision.ts'

export default defineRevision({
  id: '8d41f6a07c35',
  down: ['5c0f7be2a19d'],
  message: 'what bugs_read_at says',
  createdAt: '2026-11-29T00:55:00Z',

  async upgrade(op) {
    await op.setColumnComment('tests', 'bugs_read_at', 'When all bugs of the test were first read completely in the status of bugs_read_status; null when never')
  },

  async downgrade(op) {
    await op.setColumnComment('tests', 'bugs_read_at', 'When all bugs of the test were last read completely; null when never')
  },
})

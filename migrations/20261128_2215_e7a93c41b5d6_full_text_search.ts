/**
 * Full-text search: one row of `search_documents` for each product, feature, test and bug that is there. Their words are in
 * an FTS4 table on SQLite, which is left by whatever leaves the first, and in the rows, with a tsvector, on PostgreSQL.
 */
import { defineRevision } from '../src/migrate/revision.ts'
import type { Op } from '../src/migrate/op.ts'
import type { TidemarkDatabase } from '../src/model/schema.ts'
import { c } from '../src/schema/column.ts'
import { fillIndex } from '../src/search/fill-index.ts'
import { kyselyFor } from '../src/storage/kysely.ts'
import type { Queryable } from '../src/storage/storage.ts'

/** For the policies of PostgreSQL; see revision c5d20b8e6f14. */
const own = `customer_id = nullif(current_setting('tidemark.customer_id', true), '')::bigint`

export default defineRevision({
  id: 'e7a93c41b5d6',
  down: ['9b3e61d7f2c4'],
  message: 'full-text search',
  createdAt: '2026-11-28T22:15:00Z',

  async upgrade(op) {
    await op.createTable('search_documents', {
      customer_id: c.bigint().notNull().comment('The TestIO customer account; first in every key'),
      entity: c.enum(['product', 'feature', 'test', 'bug']).notNull(),
      id: c.bigint().notNull().comment('The id that TestIO gave'),
      product_id: c.bigint().notNull(),
      date: c.instant().comment('End of a test, report of a bug; null for what has no date'),
      length: c.integer().notNull().comment('Words that are searched'),
      title_words: c.text().notNull().comment('Words of the title, each between spaces'),
    }, {
      primaryKey: ['customer_id', 'entity', 'id'],
      comment: 'What search finds: one row for each product, feature, test and bug that is there',
    })
    if (op.dialect === 'sqlite') {
      // Sizes of documents, which matchinfo adds otherwise, are in search_documents.
      await op.execute('create virtual table search_index using fts4(words, tokenize=simple, matchinfo=fts3)')
      await op.execute('create trigger search_documents_leave after delete on search_documents begin delete from search_index where docid = old.rowid; end')
    } else {
      await op.execute('alter table search_documents add column words text not null, add column lexemes tsvector not null')
      await op.execute('create index ix_search_documents_lexemes on search_documents using gin (lexemes)')
      await op.execute(`create policy customer on search_documents using (${own})`)
      await op.execute('alter table search_documents enable row level security')
    }
    // A script has no rows to read: there the index is filled with "tidemark search --rebuild-index".
    if (op.offline) return
    const db = kyselyFor<TidemarkDatabase>(recorded(op), op.dialect)
    const { rows } = await op.query<{ customer_id: number }>('select distinct customer_id from products order by customer_id')
    for (const { customer_id: customerId } of rows) await fillIndex(db, op.dialect, customerId)
  },

  async downgrade(op) {
    if (op.dialect === 'sqlite') await op.execute('drop table search_index')
    await op.dropTable('search_documents')
  },
})

/** Reads are asked, everything else is an operation of the revision. */
function recorded(op: Op): Queryable {
  return {
    async query<R>({ sql, parameters }: { readonly sql: string; readonly parameters?: Parameters<Op['query']>[1] }) {
      if (/^\s*select\b/i.test(sql)) return op.query<R>(sql, parameters)
      await op.execute(sql, parameters)
      return { rows: [], affectedRows: 0 }
    },
  }
}

/** What the index of a database holds, read without the code under test. */
import { expect } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'

const words: Readonly<Record<Storage['dialect'], string>> = {
  sqlite: '(select words from search_index where docid = d.rowid) as words',
  postgres: 'lexemes::text',
}

export async function indexContents(storage: Storage): Promise<readonly unknown[]> {
  const { rows } = await storage.query({ sql: `select d.*, ${words[storage.dialect]} from search_documents as d order by customer_id, entity, id` })
  if (storage.dialect === 'sqlite') {
    // Nothing is in the index that is no document, and what FTS4 has of each word is what stands in the texts.
    expect((await storage.query({ sql: 'select count(*) as total from search_index' })).rows).toEqual([{ total: rows.length }])
    await storage.query({ sql: `insert into search_index (search_index) values ('integrity-check')` })
  }
  return rows
}

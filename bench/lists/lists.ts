/** Lists against hand-written statements: see README.md beside this file. */
import type { Tidemark } from '../../src/tidemark.ts'
import { operation, type Operation, type OperationsBench } from '../support/operations.ts'
import { handWritten, type ListName } from './hand-written.ts'

export const lists: OperationsBench = {
  name: 'lists',
  ratio: 1.5,
  operations: [
    list('products.list', { sqljs: 1, pglite: 10 }, (tidemark) => tidemark.products.list()),
    list('tests.list, 50 rows', { sqljs: 2, pglite: 15 }, (tidemark) => tidemark.tests.list({ limit: 50 })),
    list('tests.list, 50 rows with bug counts', { sqljs: 4, pglite: 20 }, (tidemark) => tidemark.tests.list({ limit: 50, includeBugCounts: true })),
    list('bugs.list, 50 rows', { sqljs: 4, pglite: 20 }, (tidemark) => tidemark.bugs.list({ limit: 50 })),
  ],
}

interface Listed {
  readonly items: readonly { readonly id: number }[]
  readonly total: number
}

function list(name: ListName, p95: Operation['p95'], call: (tidemark: Tidemark) => Promise<Listed>): Operation {
  return operation({
    name,
    p95,
    statements: 2,
    call,
    byHand: (dialect) => handWritten(dialect)[name],
    same: {
      ours: ({ items, total }) => [`of ${total}`, ...items.map(({ id }) => String(id))],
      byHand: (rows, [count]) => [`of ${String(count?.['total'])}`, ...rows.map((row) => String(row['id']))],
    },
  })
}

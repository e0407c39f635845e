/** A key over values that stand there twice. */
import { rule } from '../rule.ts'
import type { IndexDefinition } from '../../../schema/table.ts'
import type { Operation } from '../../operation.ts'
import { isFilled } from '../schema-trail.ts'

interface Key {
  readonly name: string
  readonly parts: IndexDefinition['columns']
  readonly where?: string | undefined
  /** A primary key takes no nulls either. */
  readonly takesNulls: boolean
}

export const uniqueOverDuplicates = rule({
  id: 'unique-over-duplicates',
  looksAt: ['createUnique', 'createIndex', 'createPrimaryKey', 'addColumn'],
  async check(operation, { trail, facts }) {
    const table = trail.table(operation.table)
    if (operation.kind === 'addColumn') {
      if (operation.unique === undefined || operation.column.default?.kind !== 'value' || (table.rows ?? 2) < 2) return undefined
      return { severity: 'error', why: `All rows of table "${table.name}" get the same default in column "${operation.column.name}", which has to be unique.`, safer: 'Add it without a default, give each row a value of its own, and make it unique afterwards.' }
    }
    const key = keyOf(operation)
    if (key === undefined || !isFilled(table)) return undefined
    const safer = 'Merge or delete the duplicates in an earlier step; find them with `group by … having count(*) > 1`.'
    const duplicates = await facts.hasDuplicates(table.name, key.parts, key.where)
    const nulls = key.takesNulls ? 'no' : await facts.hasNulls(table.name, key.parts.flatMap((part) => ('column' in part ? [part.column] : [])))
    if (duplicates === 'no' && nulls === 'no') return undefined
    const isFound = duplicates === 'yes' || nulls === 'yes'
    if (isFound && !table.isTouched) return { severity: 'error', why: `Table "${table.name}" holds ${duplicates === 'yes' ? 'duplicates' : 'nulls'} in what "${key.name}" has to hold ${duplicates === 'yes' ? 'once' : 'no nulls in'}, so it fails.`, safer }
    return { severity: isFound ? 'notice' : 'warning', why: `"${key.name}" would fail if table "${table.name}" holds duplicates${key.takesNulls ? '' : ' or nulls'} there${isFound ? ', unless the statements before have put that right' : '; only a database can tell'}.`, safer }
  },
})

function keyOf(operation: Extract<Operation, { readonly kind: 'createUnique' | 'createIndex' | 'createPrimaryKey' }>): Key | undefined {
  const columns = (names: readonly string[]): IndexDefinition['columns'] => names.map((column) => ({ column }))
  switch (operation.kind) {
    case 'createUnique':
      return { name: operation.unique.name, parts: columns(operation.unique.columns), takesNulls: true }
    case 'createPrimaryKey':
      return { name: operation.primaryKey.name, parts: columns(operation.primaryKey.columns), takesNulls: false }
    case 'createIndex':
      return operation.index.unique ? { name: operation.index.name, parts: operation.index.columns, where: operation.index.where, takesNulls: true } : undefined
    default:
      throw new TypeError(`unknown operation ${JSON.stringify(operation satisfies never)}`)
  }
}

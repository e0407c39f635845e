/** What a difference is about and what became of it, for those who tell people. */
import type { SchemaDifference } from './difference.ts'

export interface ToldDifference {
  /** For people: `index "ix_posts_views" of table "posts"`. */
  readonly object: string
  readonly change: 'added' | 'dropped' | 'changed'
  /** What of it changed, where that is known: `type, nullable`. */
  readonly aspects?: string | undefined
}

export function toldDifference(difference: SchemaDifference): ToldDifference {
  const { kind } = difference
  const change = kind.endsWith('Added') ? 'added' : kind.endsWith('Dropped') ? 'dropped' : 'changed'
  switch (kind) {
    case 'tableAdded':
    case 'tableDropped':
      return { object: `table "${difference.table}"`, change }
    case 'columnAdded':
    case 'columnDropped':
      return { object: ofTable(`column "${difference.column.name}"`, difference), change }
    case 'columnChanged':
      return { object: ofTable(`column "${difference.column}"`, difference), change, aspects: difference.aspects.join(', ') }
    case 'primaryKeyChanged':
      return { object: ofTable('primary key', difference), change }
    case 'uniqueAdded':
    case 'uniqueDropped':
      return { object: ofTable(named('unique', difference.unique), difference), change }
    case 'indexAdded':
    case 'indexDropped':
      return { object: ofTable(named('index', difference.index), difference), change }
    case 'checkAdded':
    case 'checkDropped':
      return { object: ofTable(named('check', difference.check), difference), change }
    case 'foreignKeyAdded':
    case 'foreignKeyDropped':
      return { object: ofTable(named('foreign key', difference.foreignKey), difference), change }
    case 'tableCommentChanged':
      return { object: ofTable('comment', difference), change }
    case 'enumAdded':
    case 'enumDropped':
    case 'enumChanged':
      return { object: `enum "${difference.name}"`, change }
    default:
      throw new TypeError(`unknown difference ${JSON.stringify(difference satisfies never)}`)
  }
}

function ofTable(object: string, { table }: { readonly table: string }): string {
  return `${object} of table "${table}"`
}

/** SQLite lets constraints have no name. */
function named(what: string, { name, columns, expression }: { readonly name?: string | undefined; readonly columns?: readonly unknown[]; readonly expression?: string }): string {
  if (name !== undefined) return `${what} "${name}"`
  return `${what} (${expression ?? columns?.map(String).join(', ') ?? ''})`
}

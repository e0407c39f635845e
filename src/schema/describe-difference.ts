/** Differences in words: one line for each, with names and definitions and no values of rows. */
import type { ColumnAspect, SchemaDifference } from './difference.ts'
import type { LiveColumn, LiveForeignKey, LiveIndex, LiveKey } from './introspect.ts'

/**
 * A difference as one line for people.
 *
 * @example 'column "posts"."views": default 0 became 1'
 */
export function describeDifference(difference: SchemaDifference): string {
  const { kind } = difference
  switch (kind) {
    case 'tableAdded':
    case 'tableDropped':
      return `table "${difference.table}": ${verb(kind)}`
    case 'columnAdded':
    case 'columnDropped':
      return `column "${difference.table}"."${difference.column.name}": ${verb(kind)}${kind === 'columnAdded' ? ` (${columnText(difference.column)})` : ''}`
    case 'columnChanged':
      return `column "${difference.table}"."${difference.column}": ${difference.aspects.map((aspect) => aspectText(aspect, difference.from, difference.to)).join(', ')}`
    case 'primaryKeyChanged':
      return `table "${difference.table}": primary key ${keyText(difference.from)} became ${keyText(difference.to)}`
    case 'uniqueAdded':
    case 'uniqueDropped':
      return `table "${difference.table}": unique${nameText(difference.unique)} ${keyText(difference.unique)} ${verb(kind)}`
    case 'indexAdded':
    case 'indexDropped':
      return `table "${difference.table}": ${difference.index.unique ? 'unique index' : 'index'}${nameText(difference.index)} ${indexText(difference.index)} ${verb(kind)}`
    case 'checkAdded':
    case 'checkDropped':
      return `table "${difference.table}": check${nameText(difference.check)} (${plain(difference.check.expression)}) ${verb(kind)}`
    case 'foreignKeyAdded':
    case 'foreignKeyDropped':
      return `table "${difference.table}": foreign key${nameText(difference.foreignKey)} ${foreignKeyText(difference.foreignKey)} ${verb(kind)}`
    case 'tableCommentChanged':
      return `table "${difference.table}": comment ${commentText(difference.from)} became ${commentText(difference.to)}`
    case 'enumAdded':
    case 'enumDropped':
      return `enum "${difference.name}": ${verb(kind)}`
    case 'enumChanged':
      return `enum "${difference.name}": values ${difference.from.join(', ')} became ${difference.to.join(', ')}`
    default:
      throw new TypeError(`unknown difference ${JSON.stringify(difference satisfies never)}`)
  }
}

function verb(kind: SchemaDifference['kind']): string {
  return kind.endsWith('Added') ? 'added' : 'dropped'
}

function aspectText(aspect: ColumnAspect, from: LiveColumn, to: LiveColumn): string {
  switch (aspect) {
    case 'type':
      return `type ${from.declaredType || 'none'} became ${to.declaredType || 'none'}`
    case 'nullable':
      return to.nullable ? 'not null was dropped' : 'became not null'
    case 'default':
      return `default ${from.default ?? 'none'} became ${to.default ?? 'none'}`
    case 'generated':
      return `${generatedText(from)} became ${generatedText(to)}`
    case 'comment':
      return `comment ${commentText(from.comment)} became ${commentText(to.comment)}`
    default:
      throw new TypeError(`unknown aspect ${String(aspect satisfies never)}`)
  }
}

function generatedText({ generated }: LiveColumn): string {
  return generated === undefined ? 'not generated' : `generated as (${plain(generated.expression)}) ${generated.stored ? 'stored' : 'virtual'}`
}

function columnText(column: LiveColumn): string {
  const parts = [column.declaredType || 'no type', ...(column.nullable ? [] : ['not null']), ...(column.default === undefined ? [] : [`default ${column.default}`])]
  return column.generated === undefined ? parts.join(' ') : `${parts.join(' ')} ${generatedText(column)}`
}

function keyText(key: LiveKey | undefined): string {
  return key === undefined ? 'none' : `(${key.columns.join(', ')})`
}

function nameText({ name }: { readonly name?: string | undefined }): string {
  return name === undefined ? '' : ` "${name}"`
}

function indexText({ columns, where }: LiveIndex): string {
  const parts = columns.map((part) => `${'column' in part ? part.column : part.expression}${part.order === 'desc' ? ' desc' : ''}`)
  return `(${parts.join(', ')})${where === undefined ? '' : ` where ${plain(where)}`}`
}

function foreignKeyText({ columns, references, onDelete, onUpdate }: LiveForeignKey): string {
  const actions = `${onDelete === 'no action' ? '' : ` on delete ${onDelete}`}${onUpdate === 'no action' ? '' : ` on update ${onUpdate}`}`
  return `(${columns.join(', ')}) to "${references.table}" (${references.columns.join(', ')})${actions}`
}

function commentText(comment: string | undefined): string {
  return comment === undefined ? 'none' : JSON.stringify(comment)
}

/** Less the parentheses that PostgreSQL prints around every expression. */
function plain(expression: string): string {
  return /^\((?:[^()]|\([^()]*\))*\)$/.test(expression) ? expression.slice(1, -1) : expression
}

/** An `updateInBatches` operation as statements: the whole update at once, or the rows of one range of its key. */
import { quoteIdentifier as id } from '../schema/identifier.ts'
import type { SqlValue, Statement } from '../storage/storage.ts'
import type { BatchedUpdate } from './operation.ts'

/** The rows whose key lies above `after`, and not above `upTo`; an end that is left out is open. */
export interface KeyRange {
  readonly column: string
  readonly after?: string | number | undefined
  readonly upTo?: string | number | undefined
}

/** The whole update in one statement. */
export function updateStatement(update: BatchedUpdate): Statement {
  return { sql: updateText(update, []) }
}

/** @param placeholder how the dialect writes the nth parameter, counted from 1 */
export function updateRangeStatement(update: BatchedUpdate, { column, after, upTo }: KeyRange, placeholder: (position: number) => string): Statement {
  const parameters: SqlValue[] = []
  const conditions: string[] = []
  if (after !== undefined) conditions.push(`${id(column)} > ${placeholder(parameters.push(after))}`)
  if (upTo !== undefined) conditions.push(`${id(column)} <= ${placeholder(parameters.push(upTo))}`)
  return { sql: updateText(update, conditions), parameters }
}

function updateText({ table, set, where }: BatchedUpdate, conditions: readonly string[]): string {
  const all = [...(where === undefined ? [] : [`(${where})`]), ...conditions]
  return `update ${id(table)} set ${set}${all.length === 0 ? '' : ` where ${all.join(' and ')}`}`
}

/**
 * What is wrong with a statement whatever the engine, said before the engine sees it, so that it does not spoil a
 * transaction. Knows nothing of schemas or SQL beyond the first word.
 */
import { TidemarkError } from '../errors.ts'
import { firstKeyword } from './first-keyword.ts'
import { type BoundValue, bindableParameters } from './parameter.ts'
import type { Statement } from './storage.ts'

/** @throws TidemarkError `statement_failed` for no statement or one that controls transactions, `value_not_supported` */
export function checkedValues({ sql, parameters }: Statement): readonly BoundValue[] {
  const keyword = firstKeyword(sql)
  if (keyword === '') throw refusedError('Its text holds no statement.', 'Give the text of one statement.')
  if (transactionControl.has(keyword)) {
    throw refusedError('It begins or ends a transaction behind the back of the storage.', 'Use `transaction` of the storage, or of the transaction for a savepoint.')
  }
  return bindableParameters(parameters)
}

/** @throws TidemarkError `statement_failed` when the statement is none that reads */
export function requireRead({ sql }: Statement): void {
  if (!reading.has(firstKeyword(sql))) throw refusedError('It may write, and a snapshot is for reading.', 'Use `query` or `transaction` of the storage.')
}

function refusedError(why: string, next: string): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot run the statement', { why, next })
}

const reading = new Set(['select', 'with', 'values', 'table', 'explain', 'show', 'pragma'])

const transactionControl = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])

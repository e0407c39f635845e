/** An operation that stands in the database, as the history table remembers it. */
import { isObject } from '../is-object.ts'
import type { JsonObject, JsonValue } from '../storage/storage.ts'
import { canonicalJson, summarizeDescription } from './checksum.ts'
import type { Grade } from './operation.ts'
import { type Reached, reachedFrom } from './update-in-batches.ts'

export type AppliedOperation = {
  readonly grade: Grade
  /** How many changing statements it took. */
  readonly statements: number
  /** As `describeOperation` describes it. */
  readonly operation: JsonObject
  /** Of an update in batches that is not at its end. */
  readonly reached?: Reached | undefined
}

/** What stands in a row of the history. What cannot be read is like no operation at all, so it never passes for one. */
export function appliedFrom(value: JsonValue): readonly AppliedOperation[] {
  return (Array.isArray(value) ? value : []).map((item: JsonValue) => {
    const { operation, grade, statements, reached } = isObject(item) ? item : {}
    const left = isObject(reached) ? reachedFrom(reached) : undefined
    return {
      grade: grades.find((known) => known === grade) ?? 'native',
      statements: typeof statements === 'number' ? statements : 0,
      operation: isObject(operation) && (reached === undefined || left !== undefined) ? operation : {},
      ...(left === undefined ? {} : { reached: left }),
    }
  })
}

export function isSameOperation(a: JsonObject, b: JsonObject): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** One line for people. */
export function summarizeApplied({ operation, reached }: AppliedOperation): string {
  return `${summarizeDescription(operation)}${reached === undefined ? '' : ` (${reached.rows} of ${reached.ofRows} rows)`}`
}

const grades: readonly Grade[] = ['native', 'text', 'rebuild', 'data']

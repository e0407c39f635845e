/**
 * What to tell somebody who found no test by its status. The list of statuses is open, so that an unknown word is no mistake;
 * but where it finds nothing, it probably is one.
 */
import { nearestWord } from '../../src/answers/nearest-word.ts'
import { executedStatuses } from '../../src/model/test-status.ts'

const knownStatuses: readonly string[] = [...executedStatuses, 'initialized', 'waiting', 'cancelled']

/** Undefined when all of the words are known. */
export function statusHint(statuses: readonly string[] | undefined): string | undefined {
  const unknown = (statuses ?? []).filter((status) => !knownStatuses.includes(status))
  if (unknown.length === 0) return undefined
  const meant = [...new Set(unknown.flatMap((status) => nearestWord(status, knownStatuses) ?? []))]
  return `Nothing was found with statuses that are not among ${knownStatuses.join(', ')}.${meant.length === 0 ? '' : ` Did you mean ${meant.join(' and ')}?`}`
}

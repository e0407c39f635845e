/** What a range of a script means: where the database stands, and which revisions are run from there. */
import { TidemarkError } from '../../errors.ts'
import type { RevisionGraph, RevisionTarget } from '../graph.ts'
import { splitRevisionRange } from '../target-spec.ts'

export interface ScriptRange {
  /** Where the database stands. Default for an upgrade: nothing is applied. A downgrade has to say it. */
  readonly from?: RevisionTarget | undefined
  /** Default for an upgrade: `heads`. A downgrade has to say it. */
  readonly target?: RevisionTarget | undefined
}

export interface ScriptSteps {
  /** Rows of the version table at the start. */
  readonly from: readonly string[]
  readonly ids: readonly string[]
}

/** `from:target`; a text without a colon is a target. An end that is left out is undefined. */
export function parseScriptRange(text: string): ScriptRange {
  const ends = splitRevisionRange(text)
  return ends === null ? { target: text } : { from: ends.base ?? undefined, target: ends.head ?? undefined }
}

/** @throws TidemarkError `revision_target_invalid` */
export function scriptSteps(graph: RevisionGraph, direction: 'upgrade' | 'downgrade', { from, target }: ScriptRange): ScriptSteps {
  if (direction === 'downgrade') {
    if (from === undefined || target === undefined) throw invalid('There is no database that tells where it stands, so a downgrade needs both ends.', 'Write the range as `from:to`, for example `head:-1` or `a1b2:base`.')
    const rows = graph.stamp([], from)
    return { from: rows, ids: graph.downgradePath(rows, target) }
  }
  const rows = from === undefined ? [] : graph.stamp([], from)
  const ids = graph.upgradePath(rows, target ?? 'heads')
  const end = graph.stamp([], target ?? 'heads')
  if (ids.length === 0 && end.join() !== rows.join()) throw invalid('Its target is below its start.', 'Turn the ends round, or ask for a downgrade.')
  return { from: rows, ids }
}

function invalid(why: string, next: string): TidemarkError {
  return new TidemarkError('revision_target_invalid', 'Cannot write a script for this range', { why, next })
}

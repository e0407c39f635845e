/** What two objects that are equal otherwise have beyond a declaration. */
import type { NotComparable } from './difference.ts'
import type { Extras } from './introspect.ts'

interface WithExtras {
  readonly extras?: Extras
}

export function* extrasDiffer(object: string, from: WithExtras, to: WithExtras): Generator<{ readonly notComparable: NotComparable }> {
  const [before, after] = [from.extras ?? [], to.extras ?? []]
  const gone = before.filter((extra) => !after.includes(extra))
  const come = after.filter((extra) => !before.includes(extra))
  if (gone.length + come.length === 0) return
  const parts = [...(gone.length > 0 ? [`${gone.join(', ')} is gone`] : []), ...(come.length > 0 ? [`${come.join(', ')} has come`] : [])]
  yield { notComparable: { object, why: `A declaration cannot say it: ${parts.join('; ')}.`, differs: true } }
}

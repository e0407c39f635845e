/**
 * The grammar of revision targets: `head`, `heads`, `base`, ids and labels in full or in part, `branch@target`,
 * and the relative forms `+2`, `-1`, `x+2`, `branch@head-1`. Parses text; what a name means is the graph's to say.
 * Ids and labels hold none of `@ + - :`, so every text has one reading.
 */

export interface TargetSpec {
  /** As written, for messages. */
  readonly text: string
  /** In front of the `@`: a label or an id that restricts the rest to its lineage. */
  readonly branch: string | null
  /** `head`, `heads`, `base`, an id, a label or a part of one; null when the walk starts at the current rows. */
  readonly symbol: string | null
  /** Revisions to walk from there, up when positive; null when the target is absolute. */
  readonly steps: number | null
}

/** Null when the text is no target. */
export function parseTargetSpec(text: string): TargetSpec | null {
  const match = /^(?:([^@+:\s-]+)@)?([^@+:\s-]+)?([+-]\d{1,9})?$/u.exec(text.trim())
  const [, branch = null, symbol = null, steps = null] = match ?? []
  if (symbol === null && steps === null) return null
  return { text: text.trim(), branch, symbol, steps: steps === null ? null : Number(steps) }
}

/** The ends of `a:b`; an end that was left open is null, and so are both when there is no colon. */
export function splitRevisionRange(text: string): { readonly base: string | null; readonly head: string | null } | null {
  const match = /^([^:]*):([^:]*)$/u.exec(text)
  if (match === null) return null
  const [base = '', head = ''] = [match[1]?.trim(), match[2]?.trim()]
  return { base: base || null, head: head || null }
}

/** Why the text cannot be an id or a label; null when it can. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'it is empty'
  if (/[@+:\s-]/u.test(name)) return 'it holds white space or one of @ + - :, which have a meaning in targets'
  if (['head', 'heads', 'base', 'current'].includes(name)) return 'the word has a meaning in targets'
  return null
}

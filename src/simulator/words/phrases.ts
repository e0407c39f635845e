/** The form of the phrase lists, and the one function that puts words into a phrase. */

export interface BugPhrases {
  readonly symptoms: Readonly<Record<'low' | 'high' | 'critical' | 'visual' | 'content' | 'custom' | 'other', readonly string[]>>
  readonly conditions: readonly string[]
  readonly openings: readonly string[]
  readonly steps: readonly string[]
  readonly lookings: readonly string[]
  readonly actual: readonly string[]
  readonly expected: readonly string[]
}

/** Replaces `{name}` by its word; names without a word stay as they are. */
export function fill(phrase: string, words: Readonly<Record<string, string>>): string {
  return phrase.replace(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole)
}

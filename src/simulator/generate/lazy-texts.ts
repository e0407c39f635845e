/**
 * Bugs without their texts in memory: the short fields are the bug's own, and everything that people wrote is a getter
 * of a prototype that all bugs share. A copy by spreading has the short fields only; `changed` makes a complete one.
 */
import type { BugTruth } from '../truth.ts'
import { bugTexts, type BugSubject, type BugTexts } from './bug-texts.ts'
import { bugComments, type CommentSubject } from './comments.ts'

type Lazy = BugTexts & Pick<BugTruth, 'comments'>
type Own = Omit<BugTruth, keyof Lazy> & BugSubject & CommentSubject

/** One for an account. */
export function lazyTexts(seed: number, now: number): Lazy {
  // The fields of one bug are read one after the other: its texts are made once for all of them.
  let last: { readonly bug: BugSubject; readonly texts: BugTexts } | null = null
  const textsOf = (bug: BugSubject): BugTexts => {
    if (last?.bug !== bug) last = { bug, texts: bugTexts(seed, bug) }
    return last.texts
  }
  const prototype: Lazy & ThisType<Own> = {
    get title() { return textsOf(this).title },
    get location() { return textsOf(this).location },
    get expectedResult() { return textsOf(this).expectedResult },
    get actualResult() { return textsOf(this).actualResult },
    get steps() { return textsOf(this).steps },
    get report() { return textsOf(this).report },
    get comments() { return bugComments(seed, now, this) },
  }
  return prototype
}

/** Takes over `own`. (Properties added to an object with a prototype of its own cost six times the memory.) */
export function withTexts(texts: Lazy, own: Own): BugTruth {
  return Object.setPrototypeOf(own, texts) as Lazy & Own
}

/** The same bug with other values; the values given win over the getters. */
export function changed(bug: BugTruth, values: Partial<BugTruth>): BugTruth {
  const own = { ...Object.getOwnPropertyDescriptors(bug), ...Object.getOwnPropertyDescriptors(values) }
  return Object.create(Object.getPrototypeOf(bug) as object, own) as BugTruth
}

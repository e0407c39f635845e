/**
 * Keeps an answer below the length that every client can take. Lists cut themselves at a row; what is still too
 * long here is one big thing, and its texts and inner lists are shortened, evenly and no more than needed.
 */

import { cleanTexts } from './clean-text.ts'

/** Of the JSON text of an answer. */
export const maxAnswerCharacters = 40_000

const steps: readonly { readonly text: number; readonly rows: number }[] = [
  { text: 4000, rows: 3000 },
  { text: 4000, rows: 1000 },
  { text: 4000, rows: 500 },
  { text: 4000, rows: 200 },
  { text: 1000, rows: 100 },
  { text: 300, rows: 50 },
  { text: 100, rows: 20 },
  { text: 40, rows: 5 },
]

/** The answer itself when it fits; else a shortened copy with `truncated: true` and a `hint`. */
export function fitAnswer(answer: unknown): unknown {
  if (fits(answer)) return answer
  for (const step of steps) {
    const shortened = { ...Object(shorten(answer, step)), truncated: true, hint: `Texts longer than ${step.text} characters and lists longer than ${step.rows} are cut.` }
    if (fits(shortened)) return shortened
  }
  throw new RangeError('an answer does not fit, however much it is shortened')
}

/** Whether the JSON text of the answer is short enough. */
export function fits(answer: unknown): boolean {
  return JSON.stringify(answer).length <= maxAnswerCharacters
}

/**
 * Reads a page, and when it is too long for an answer, as many of its first rows as fit (at least one). Cursors belong to the
 * last row of a page, so a cut page is read again.
 *
 * @param cutHint how to go on behind a cut
 */
export async function readToFit<Answer extends object>(
  asked: number, read: (limit: number) => Promise<Answer>, rowsOf: (answer: Answer) => readonly unknown[], cutHint: string,
): Promise<Answer & { truncated?: boolean; hint?: string }> {
  for (let limit = asked; ; ) {
    const answer = { ...(await read(limit)), ...(limit < asked ? { truncated: true, hint: cutHint } : {}) }
    const cleaned = cleanTexts(answer)
    if (limit === 1 || fits(cleaned)) return answer
    const rows = rowsOf(answer)
    limit = Math.max(1, Math.min(rowsThatFit(cleaned, rows.map(cleanTexts)), rows.length - 1))
  }
}

/** How many of the rows, which are a list in the answer, leave it short enough; with room for the notes that a cut adds. */
export function rowsThatFit(answer: unknown, rows: readonly unknown[]): number {
  let length = JSON.stringify(answer).length + roomForNotes
  let count = rows.length
  while (count > 0 && length > maxAnswerCharacters) {
    count -= 1
    length -= JSON.stringify(rows[count]).length + 1
  }
  return count
}

const roomForNotes = 300

function shorten(value: unknown, step: { readonly text: number; readonly rows: number }): unknown {
  if (typeof value === 'string') return value.length <= step.text ? value : `${value.slice(0, step.text - 1).replace(/\p{Surrogate}$/u, '')}…`
  if (Array.isArray(value)) return value.slice(0, step.rows).map((inner) => shorten(inner, step))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, key === 'next_cursor' ? inner : shorten(inner, step)]))
}

/** How the text behind a flag becomes a value. What is wrong is said in commander's words and ends as wrong use. */
import { InvalidArgumentError } from 'commander'
import { parseTextList } from '../node/text-list.ts'

/** An id: a whole number above 0. */
export function idValue(text: string): number {
  const id = Number(text)
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError('An id is a whole number above 0.')
  return id
}

/** A whole number from 0. */
export function countValue(text: string): number {
  if (!/^\d{1,15}$/.test(text.trim())) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** What a revision is about: a file without it could not be read again. */
export function messageValue(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must say something.')
  return text
}

/** Values with commas or as a JSON list; a flag that is given twice adds up. */
export function textsValue(text: string, before: readonly string[] = []): readonly string[] {
  const values = parseTextList(text)
  if (values === null || values.length === 0) throw new InvalidArgumentError('It must be a value, values with commas, or a JSON list.')
  return [...before, ...values]
}

/** The same for ids. */
export function idsValue(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...textsValue(text).map(idValue)]
}

/** Each as it is, for a flag that is given several times. */
export function conditionsValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** Whether every engine can store a text: PostgreSQL takes no NUL, and half a surrogate pair has no UTF-8 form. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

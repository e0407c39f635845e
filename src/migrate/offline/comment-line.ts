/** A comment of a script. What it says is a text from elsewhere: nothing in it may end the line, and with it the comment. */
export function commentLine(text: string): string {
  return `-- ${text.replace(/[\s\p{Cc}]+/gu, ' ').trim()}`
}

/** Asks a person to confirm something that cannot be taken back, where there is a person to ask. */
import type { Invocation } from './invocation.ts'

/** Undefined: nobody is there to answer. */
export async function confirm(invocation: Invocation, question: string): Promise<boolean | undefined> {
  const { stdin, stderr, signal } = invocation.io
  if (stdin?.isTTY !== true || !invocation.err.interactive || invocation.flags.json === true) return undefined
  const clack = await import('@clack/prompts')
  // Node's own streams; the types of the library know no others.
  const answer = await clack.confirm({ message: question, initialValue: false, output: stderr as NodeJS.WriteStream, input: stdin as NodeJS.ReadStream, ...(signal === undefined ? {} : { signal }) })
  return answer === true
}

/** Asks a person, on standard error so that standard output stays for answers. There is nobody to ask without a terminal. */
import type { Readable } from 'node:stream'
import { TidemarkError } from '../../src/errors.ts'
import type { Invocation } from './invocation.ts'

export interface Questions {
  /** What `validate` returns is shown, and the question asked again; undefined accepts the answer. */
  text(message: string, options?: { readonly initial?: string | undefined; validate?(answer: string): string | undefined }): Promise<string>
  /** The same without showing what is typed. May be left empty. */
  secret(message: string, options?: { validate?(answer: string): string | undefined }): Promise<string>
  confirm(message: string): Promise<boolean>
  choose<T extends string>(message: string, options: readonly { readonly value: T; readonly label: string }[]): Promise<T>
}

/** Undefined when nobody is there to answer. Each question throws TidemarkError `aborted` when the person gives up. */
export async function questionsOf(invocation: Invocation): Promise<Questions | undefined> {
  const { io } = invocation
  if (io.questions !== undefined) return io.questions
  if (io.stdin?.isTTY !== true || !invocation.err.interactive || invocation.flags.json === true) return undefined
  return promptQuestions(invocation, io.stdin)
}

async function promptQuestions({ io }: Invocation, input: Readable): Promise<Questions> {
  const clack = await import('@clack/prompts')
  const common = { input, output: io.stderr, ...(io.signal === undefined ? {} : { signal: io.signal }) }
  return {
    text: (message, { initial, validate } = {}) =>
      answered(clack.text({ ...common, message, ...(initial === undefined ? {} : { initialValue: initial }), validate: (text) => validate?.(text ?? '') })),
    // An empty answer comes as undefined.
    secret: async (message, { validate } = {}) => (await answered(clack.password({ ...common, message, validate: (text) => validate?.(text ?? '') }))) ?? '',
    confirm: (message) => answered(clack.confirm({ ...common, message, initialValue: false })),
    async choose(message, options) {
      const chosen = await answered(clack.select<string>({ ...common, message, options: options.map(({ value, label }) => ({ value, label })) }))
      const option = options.find(({ value }) => value === chosen)
      if (option === undefined) throw new RangeError(`Unknown choice "${chosen}"`)
      return option.value
    },
  }
}

/** The library gives a symbol to say that the person gave up. */
async function answered<T>(prompt: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await prompt
  if (isAnswer(answer)) return answer
  throw new TidemarkError('aborted', 'Stopped', { why: 'The question was not answered.', next: 'Nothing was changed. Start it again when you have the answer.' })
}

function isAnswer<T>(value: T): value is Exclude<T, symbol> {
  return typeof value !== 'symbol'
}

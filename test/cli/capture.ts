/** A world for the command line without a process: streams that keep what is written, an environment of one's own. */
import { Writable } from 'node:stream'
import { main } from '../../adapters/cli/main.ts'
import type { Io, OutputStream } from '../../adapters/cli/io.ts'
import type { Questions } from '../../adapters/cli/questions.ts'

export interface CapturedStream extends OutputStream {
  readonly text: string
}

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly cwd?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly script?: string | undefined
  /** Answers of a person; a question that is not among them fails. */
  readonly questions?: Partial<Questions> | undefined
  /** Columns of the terminal; left out: no terminal. */
  readonly terminal?: number | undefined
  /** Called with everything that goes to standard output, as it is written. */
  readonly onOutput?: ((text: string) => void) | undefined
}

export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export function captureStream({ terminal, onOutput }: Pick<WorldOptions, 'terminal' | 'onOutput'> = {}): CapturedStream {
  let text = ''
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      text += chunk
      onOutput?.(text)
      done()
    },
  })
  return Object.defineProperty(Object.assign(stream, terminal === undefined ? {} : { isTTY: true, columns: terminal }), 'text', { get: () => text }) as typeof stream & CapturedStream
}

export function world(options: WorldOptions = {}): Io & { readonly stdout: CapturedStream; readonly stderr: CapturedStream } {
  const { env = {}, cwd = '/nowhere', signal, script, terminal, questions } = options
  return { stdout: captureStream(options), stderr: captureStream({ terminal }), env, cwd, signal, script, questions: questions === undefined ? undefined : { ...unasked, ...questions } }
}

const unexpected = (message: string): never => {
  throw new Error(`Unexpected question: ${message}`)
}
const unasked: Questions = { text: unexpected, secret: unexpected, confirm: unexpected, choose: unexpected }

/** Runs one command line and gives what it wrote. */
export async function run(argv: readonly string[], options: WorldOptions = {}): Promise<Run> {
  const io = world(options)
  const code = await main(argv, io)
  return { code, stdout: io.stdout.text, stderr: io.stderr.text }
}

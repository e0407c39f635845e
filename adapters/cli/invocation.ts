/** One run of the command line: where it writes, what the global flags say, which secrets must not be written, how it ends. */
import { toSnakeCase } from '../../src/answers/snake-case.ts'
import { redactor } from '../node/secrets.ts'
import { exitCode, type ExitCode, type Io } from './io.ts'
import { cleanText } from './render/clean-text.ts'
import type { StatusLine } from './render/status-line.ts'
import { terminalOf, type Terminal } from './render/terminal.ts'

/** The flags that every command takes, as they were given. */
export interface GlobalFlags {
  readonly database?: string | undefined
  readonly customer?: string | undefined
  readonly config?: string | undefined
  readonly json?: boolean | undefined
  readonly logLevel?: string | undefined
}

export class Invocation {
  readonly io: Io
  /** Standard output, for answers. */
  readonly out: Terminal
  /** Standard error, for errors, logs and progress. */
  readonly err: Terminal
  /** Set when the command line has been read. */
  flags: GlobalFlags = {}
  /** What was called, as far as it was understood: `tidemark`, `tidemark tests`, `tidemark migrate upgrade`. */
  commandName = 'tidemark'
  exit: ExitCode = exitCode.success
  /** What stands at the bottom of standard error at the moment. */
  statusLine: StatusLine | undefined
  readonly #secrets = new Set<string>()

  constructor(io: Io) {
    this.io = io
    this.out = terminalOf(io, io.stdout)
    this.err = terminalOf(io, io.stderr)
    this.protect([io.env['TESTIO_API_TOKEN']?.trim() ?? '', io.env['TIDEMARK_HTTP_TOKEN']?.trim() ?? ''])
  }

  get debug(): boolean {
    return (this.flags.logLevel ?? this.io.env['TIDEMARK_LOG_LEVEL']?.trim()) === 'debug'
  }

  /** From now on these texts are taken out of everything that goes to standard error. */
  protect(secrets: readonly string[]): void {
    for (const secret of secrets) if (secret !== '') this.#secrets.add(secret)
  }

  redact(text: string): string {
    return redactor([...this.#secrets])(text)
  }

  /** To standard output, as it is. */
  print(text: string): void {
    this.io.stdout.write(text)
  }

  /** An answer for programs: snake_case keys, one document. */
  printJson(value: unknown): void {
    const text = JSON.stringify(toSnakeCase(value), (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner), 2)
    this.print(`${text}\n`)
  }

  /** An answer for whoever asked: JSON with `--json`, else the same value as text. */
  answer<T>(value: T, render: (terminal: Terminal, value: T) => string): void {
    if (this.flags.json === true) this.printJson(value)
    else this.print(render(this.out, value))
  }

  /** To standard error: what whoever reads the answer has to know beside it. */
  warn(text: string): void {
    this.note(`${this.err.style('yellow', 'Warning:')} ${cleanText(text)}`)
  }

  /** To standard error, without the secrets. */
  note(text: string): void {
    const write = (): void => void this.io.stderr.write(`${this.redact(text)}\n`)
    if (this.statusLine === undefined) write()
    else this.statusLine.above(write)
  }
}

#!/usr/bin/env node
/** The process around the `tidemark` command: its streams, its signals, its exit code. Decides nothing else. */
import { systemCode } from '../../src/errors.ts'
import { exitCode } from './io.ts'
import { main } from './main.ts'
import { endOfStatusLine } from './render/status-line.ts'

const stop = new AbortController()
let signals = 0

function onSignal(): void {
  signals += 1
  // A line of progress may stand there; without a terminal nothing does.
  const clear = process.stderr.isTTY ? endOfStatusLine : ''
  if (signals > 1) {
    process.stderr.write(clear)
    process.exit(130)
  }
  process.stderr.write(`${clear}Stopping … once more to stop at once.\n`)
  stop.abort()
}

process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)

// A reader that has seen enough (`| head`) closes the pipe; the rest of the answer is dropped, and the work goes on.
let unwritten: string | undefined
process.stdout.on('error', (error: Error) => {
  const reason = systemCode(error) ?? 'unknown reason'
  if (!['EPIPE', 'ERR_STREAM_DESTROYED'].includes(reason)) unwritten ??= reason
})
// Notes that nobody takes are no reason to stop in the middle of a sync.
process.stderr.on('error', () => undefined)

const code = await main(process.argv.slice(2), {
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  script: process.argv[1]?.includes('node_modules') === true ? undefined : process.argv[1],
  signal: stop.signal,
})

// Left to itself the process would wait for the engine's WebAssembly to be compiled to the end.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()))
if (unwritten === undefined) process.exit(code)
const why = unwritten === 'ENOSPC' ? 'The disk is full.' : `The system refused it (${unwritten}).`
process.stderr.write(`Error: Cannot write the answer\nWhy:   ${why}\nNext:  Make room, or send standard output somewhere else, and run it again.\n`, () => process.exit(code === exitCode.success ? exitCode.failed : code))

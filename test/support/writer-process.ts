/** Another process that writes to a database on disk until it is killed; see `endless-writer.ts`. */
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface WriterProcess {
  /** Resolves when it has made that many commits more. */
  commits(count: number): Promise<void>
  /** Kills it with SIGKILL; gives how many commits it had reported. */
  kill(): Promise<number>
}

export function startWriter(engine: 'sqljs' | 'pglite', path: string): WriterProcess {
  const script = fileURLToPath(new URL('endless-writer.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', import.meta.resolve('jiti/register'), script, engine, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  let committed = 0
  const reached = new EventEmitter()
  child.stdout.on('data', (data: Buffer) => {
    committed = Number(data.toString().trim().split('\n').at(-1))
    reached.emit('commit')
  })
  return {
    commits: (count) => {
      const goal = committed + count
      return new Promise((resolve, reject) => {
        child.once('exit', () => reject(new Error('The writer has ended by itself')))
        reached.on('commit', () => {
          if (committed >= goal) resolve()
        })
      })
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
      return committed
    },
  }
}

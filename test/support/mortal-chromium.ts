/** A browser with a profile on disk that can be killed as a whole, all of its processes at once, and started again on the same profile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type BrowserContext, chromium } from 'playwright-core'
import { chromiumFlags, chromiumPath } from './chromium.ts'

export interface MortalChromium {
  readonly context: BrowserContext
  /** SIGKILL to every process of it; resolves when it is gone. */
  kill(): Promise<void>
}

export async function startMortalChromium(profile: string): Promise<MortalChromium> {
  const flags = [...chromiumFlags, '--headless', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank']
  // A group of its own, so that the signal reaches the processes of the tabs and the one that writes the databases.
  const child = spawn(chromiumPath ?? 'chromium', flags, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const gone = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await gone
  }
  try {
    const browser = await chromium.connectOverCDP(await debuggerOf(child))
    const [context] = browser.contexts()
    if (context === undefined) throw new Error('Chromium has no context')
    return { context, kill }
  } catch (error) {
    await kill()
    throw error
  }
}

async function debuggerOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('Chromium was started without its output')
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      child.stderr.resume()
      return address
    }
  }
  throw new Error('Chromium ended before it was ready')
}

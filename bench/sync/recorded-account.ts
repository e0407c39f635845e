/**
 * A simulated account whose answers are prepared: each is made once and then given again as the bytes that it was, so that
 * making it is no part of what is measured. Reading and parsing them is.
 */
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { benchNow, type Scale } from '../support/account.ts'

export interface RecordedAccount {
  readonly simulator: Simulator
  readonly fetch: (request: Request) => Promise<Response>
  /** Answers that had to be made. */
  readonly made: number
  /** What changes upstream is answered as it is from now on. */
  forget(): void
}

export function recordedAccount(scale: Scale): RecordedAccount {
  const simulator = createSimulator({ scale, now: benchNow, token: 'bench' })
  const answers = new Map<string, { readonly status: number; readonly body: Uint8Array<ArrayBuffer> }>()
  let made = 0
  return {
    simulator,
    async fetch(request) {
      let answer = answers.get(request.url)
      if (answer === undefined) {
        made += 1
        const response = await simulator.fetch(request)
        answer = { status: response.status, body: new Uint8Array(await response.arrayBuffer()) }
        answers.set(request.url, answer)
      }
      return new Response(answer.body, { status: answer.status })
    },
    get made() {
      return made
    },
    forget: () => answers.clear(),
  }
}

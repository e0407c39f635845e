/** A simulated account behind real HTTP and the environment that leads the command line to it. */
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import { serve } from '../support/http-server.ts'

export const token = 'tok3n-of-the-test'

export interface ServedAccount extends AsyncDisposable {
  readonly simulator: Simulator
  readonly env: Readonly<Record<string, string>>
}

/** @param onRequest is told of each before it is answered */
export async function serveAccount(options: SimulatorOptions = {}, onRequest: (request: Request) => void = () => undefined): Promise<ServedAccount> {
  const simulator = createSimulator({ token, ...options })
  const server = await serve((request) => {
    onRequest(request)
    return simulator.fetch(request)
  })
  return {
    simulator,
    env: { TESTIO_API_TOKEN: token, TESTIO_API_BASE_URL: `${server.url}/customer/v2/`, TIDEMARK_CUSTOMER_ID: '7' },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

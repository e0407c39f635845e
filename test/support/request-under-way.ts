import { once } from 'node:events'
import { request } from 'node:http'

/** Sends a request, and resolves when the server has it in its hands, which may never answer it. It ends with the server. */
export async function requestUnderWay(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  // Node says "continue" when it hands the request over.
  const outgoing = request(url, { headers: { ...headers, expect: '100-continue' } })
  outgoing.on('error', () => undefined)
  outgoing.flushHeaders()
  await once(outgoing, 'continue')
}

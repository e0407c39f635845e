/**
 * Standard input and output as a transport that answers what it was asked: when the input ends, requests that are under way
 * may still finish for a short while. The SDK's own transport drops them, so that `echo … | server` would print nothing.
 */
import { PassThrough, type Readable, type Writable } from 'node:stream'
import type { RequestId, Transport } from '@modelcontextprotocol/server'
import type { StdioServerTransport } from '@modelcontextprotocol/server/stdio'

export interface DrainingTransport extends Transport {
  /** Resolves when the connection is over, for whatever reason. */
  readonly closed: Promise<void>
}

export interface DrainingOptions {
  /** How long requests may go on after the end of the input. */
  readonly graceMs: number
  /** Called at the end of the input, for what must not go on. */
  readonly onInputEnd: () => void
}

/** @param Wire what reads messages from streams and writes them */
export function drainingTransport(Wire: typeof StdioServerTransport, input: Readable, output: Writable, { graceMs, onInputEnd }: DrainingOptions): DrainingTransport {
  // A copy of the input that does not end by itself.
  const open = new PassThrough()
  const wire = new Wire(open, output)
  const pending = new Set<RequestId>()
  let ended = false
  let grace: NodeJS.Timeout | undefined
  let resolveClosed: () => void = () => undefined

  const closeWhenDone = (): void => {
    if (ended && pending.size === 0) void wire.close()
  }
  const transport: DrainingTransport = {
    closed: new Promise((resolve) => (resolveClosed = resolve)),
    async start() {
      /* oxlint-disable unicorn/prefer-add-event-listener -- a transport of the SDK has no other way to listen */
      wire.onmessage = (message) => {
        if ('method' in message && 'id' in message) pending.add(message.id)
        // A cancelled request is never answered.
        else if ('method' in message && message.method === 'notifications/cancelled') pending.delete(idOf(message.params))
        transport.onmessage?.(message)
      }
      wire.onerror = (error) => transport.onerror?.(error)
      wire.onclose = () => {
        clearTimeout(grace)
        transport.onclose?.()
        resolveClosed()
      }
      /* oxlint-enable unicorn/prefer-add-event-listener */
      await wire.start()
      input.once('end', () => {
        ended = true
        onInputEnd()
        // The last lines are still on their way through the copy.
        setImmediate(() => setImmediate(closeWhenDone))
        grace = setTimeout(() => void wire.close(), graceMs)
      })
      input.once('error', () => void wire.close())
      input.pipe(open, { end: false })
    },
    async send(message) {
      await wire.send(message)
      if (!('method' in message) && message.id !== undefined) pending.delete(message.id)
      closeWhenDone()
    },
    close: () => wire.close(),
  }
  return transport
}

function idOf(params: { readonly [key: string]: unknown } | undefined): RequestId {
  const id = params?.['requestId']
  return typeof id === 'string' || typeof id === 'number' ? id : ''
}

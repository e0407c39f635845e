/** The messages that a request holds, read ahead of the protocol, so that the guards can look at them; the request goes on with the same body. */
import { refused } from './refused.ts'

export interface Incoming {
  readonly request: Request
  /** What looks like messages; none of what is no JSON, which the protocol will refuse. */
  readonly messages: readonly Message[]
}

export interface Message {
  readonly id: string | number | null
  readonly method: string
  /** The request that a notification is about. */
  readonly requestId: string | number | null
}

/** @returns a refusal where the body is longer than it may be */
export async function readMessages(request: Request, maxBytes: number): Promise<Incoming | Response> {
  if (request.method !== 'POST' || request.body === null) return { request, messages: [] }
  const text = await textOf(request.body, maxBytes)
  if (text === undefined) return refused(413, `The body must not be longer than ${maxBytes} bytes`)
  return { request: new Request(request.url, { method: 'POST', headers: request.headers, body: text, signal: request.signal }), messages: messagesIn(text) }
}

async function textOf(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      // Nobody reads the rest; the connection ends with the answer.
      reader.cancel().catch(() => undefined)
      return undefined
    }
    pieces.push(value)
  }
  const decoder = new TextDecoder()
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
}

function messagesIn(text: string): readonly Message[] {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return []
  }
  return [body].flat().flatMap((message) => {
    const method = valueAt(message, 'method')
    if (typeof method !== 'string') return []
    return [{ id: idAt(message, 'id'), method, requestId: idAt(valueAt(message, 'params'), 'requestId') }]
  })
}

function idAt(holder: unknown, key: string): string | number | null {
  const id = valueAt(holder, key)
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function valueAt(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined
}

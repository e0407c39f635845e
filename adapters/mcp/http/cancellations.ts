/**
 * `notifications/cancelled` of the 2025 era: a request of its own that names another one by a number, which every client counts from the
 * beginning. A session id, given out with the answer to `initialize` and repeated by the client, tells whose number it is. It is random, kept nowhere
 * but beside requests that are under way, and never checked: nothing else depends on it, so that there are no sessions to lose or to mix.
 */
import type { Message } from './message-body.ts'

export interface Cancellations {
  /** Cuts off what these messages cancel, and lets others cancel what they ask. */
  begin(session: string | null, messages: readonly Message[], cut: () => void): void
  /** Behind the last piece of the answer. */
  end(session: string | null, messages: readonly Message[]): void
}

export const sessionHeader = 'Mcp-Session-Id'

export function createCancellations(): Cancellations {
  const running = new Map<string, () => void>()
  return {
    begin(session, messages, cut) {
      if (session === null) return
      for (const { id, method, requestId } of messages) {
        if (method === 'notifications/cancelled') running.get(keyOf(session, requestId))?.()
        else if (id !== null) running.set(keyOf(session, id), cut)
      }
    },
    end(session, messages) {
      if (session === null) return
      for (const { id } of messages) if (id !== null) running.delete(keyOf(session, id))
    },
  }
}

/** The answer to `initialize` with a session id. */
export function withSession(response: Response, messages: readonly Message[]): Response {
  if (response.ok && messages.some(({ method }) => method === 'initialize')) response.headers.set(sessionHeader, crypto.randomUUID())
  return response
}

function keyOf(session: string, id: string | number | null): string {
  return JSON.stringify([session, id])
}

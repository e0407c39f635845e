/**
 * One request while it is answered: known when it is done, so that a server can wait for it, and when it has to be cut off. An
 * answer that streams is done with its last piece, not with its first.
 */

export interface Answering {
  /** The request, with a signal that `cut` aborts, too. */
  readonly request: Request
  /** A subscription, which goes on until its client has enough. */
  readonly endless: boolean
  readonly done: Promise<void>
  readonly cut: () => void
  /** Notices when the answer is complete. */
  readonly until: (response: Response) => Response
}

/** @param onDone called when the answer is complete or its client has gone; perhaps for both */
export function startAnswering(request: Request, onDone: () => void): Answering {
  const gone = new AbortController()
  const cut = (): void => gone.abort()
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => (finish = resolve))
  const end = (): void => {
    request.signal.removeEventListener('abort', cut)
    onDone()
    finish()
  }
  gone.signal.addEventListener('abort', end, { once: true })
  if (request.signal.aborted) cut()
  else request.signal.addEventListener('abort', cut, { once: true })
  return {
    request: new Request(request, { signal: gone.signal }),
    endless: request.headers.get('mcp-method') === 'subscriptions/listen',
    done,
    cut,
    until(response) {
      // Everything but a stream is complete when it is there.
      if (response.body === null || response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
        end()
        return response
      }
      const reader = response.body.getReader()
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done: complete, value } = await reader.read().catch((error: unknown) => {
            cut()
            throw error
          })
          if (value !== undefined) controller.enqueue(value)
          if (!complete) return
          controller.close()
          end()
        },
        async cancel(reason) {
          cut()
          await reader.cancel(reason)
        },
      })
      return new Response(body, response)
    },
  }
}

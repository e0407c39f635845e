/** What a route answers, before it becomes a Response; long lists are written piece by piece. */

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A body whose list is too long for one string: `{"<name>":[…],"meta":{"record_count":n}}`. */
export class LongList {
  readonly name: string
  readonly count: number
  readonly items: () => Iterable<unknown>

  constructor(name: string, count: number, items: () => Iterable<unknown>) {
    this.name = name
    this.count = count
    this.items = items
  }
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function failure(status: number, error: string): Answer {
  return { status, body: { error } }
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' }
const PIECE = 200

export function jsonResponse(answer: Answer): Response {
  const body = answer.body instanceof LongList ? stream(answer.body) : JSON.stringify(answer.body)
  return new Response(body, { status: answer.status, headers: HEADERS })
}

function stream(list: LongList): ReadableStream<Uint8Array> | string {
  const end = `],"meta":{"record_count":${list.count}}}`
  const start = `{${JSON.stringify(list.name)}:[`
  const items = list.items()[Symbol.iterator]()
  let written = 0
  const nextPiece = (): string => {
    let piece = ''
    for (let i = 0; i < PIECE; i++) {
      const { done, value } = items.next()
      if (done === true) return piece
      piece += `${written++ === 0 ? '' : ','}${JSON.stringify(value)}`
    }
    return piece
  }
  if (list.count <= PIECE) return `${start}${nextPiece()}${end}`
  const encoder = new TextEncoder()
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(start)),
    pull(controller) {
      const piece = nextPiece()
      if (piece !== '') return controller.enqueue(encoder.encode(piece))
      controller.enqueue(encoder.encode(end))
      controller.close()
    },
  })
}

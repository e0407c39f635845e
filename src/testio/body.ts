/**
 * The door through which answers come in: reads a body of bounded size, parses it, and takes the credentials out before
 * anybody else can see it.
 */
import { isObject } from '../is-object.ts'
import { orAborted } from './abort.ts'
import { stripCredentials } from './strip-credentials.ts'

/** About ten times the largest answer an account gives. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

/** The text of a body; null when it is larger than allowed. */
export async function readBody(response: Response, signal: AbortSignal): Promise<string | null> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  let finished = false
  try {
    for (;;) {
      const { done, value } = await orAborted(reader.read(), signal)
      if (done) break
      bytes += value.byteLength
      if (bytes > MAX_BODY_BYTES) return null
      text += decoder.decode(value, { stream: true })
    }
    finished = true
    return text + decoder.decode()
  } finally {
    // Not awaited: a stream that hangs may hang here too, and its failure has been reported already.
    if (!finished) reader.cancel().catch(() => undefined)
  }
}

/** The parsed body without credentials; undefined when it is not JSON, or nested beyond what can be walked. */
export function parseBody(text: string): unknown {
  try {
    return stripCredentials(UNSTORABLE_ESCAPE.test(text) ? JSON.parse(text, storable) : JSON.parse(text))
  } catch {
    return undefined
  }
}

// NUL and halves of surrogate pairs are legal JSON, get in only as escapes, and are refused by PostgreSQL.
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/i
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(UNSTORABLE, '\ufffd')
  // Keys are texts of the payload, too. Those that differ in nothing else become one, and the last counts, as in JSON.
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replace(UNSTORABLE, '\ufffd'), inner])) : value
}

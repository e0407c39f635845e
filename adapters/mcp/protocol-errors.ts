/**
 * What a failed request that is no tool call tells the client: the same three lines that a tool would give, as an error of
 * the protocol, because these requests have no other way to fail. The SDK reads `code` and `data` of whatever is thrown, so
 * that none of it has to be loaded for this.
 */
import { TidemarkError, type TidemarkErrorCode } from '../../src/errors.ts'
import type { Logger } from '../../src/tidemark.ts'
import { cleanText } from './clean-text.ts'
import { spokenError } from './tool-errors.ts'

// What the client can mend in its request.
const ofTheRequest: readonly TidemarkErrorCode[] = ['argument_invalid', 'not_found', 'cursor_invalid']

/** A request that is wrong, and a server that failed; codes of JSON-RPC. */
const [invalidParams, internalError] = [-32_602, -32_603]

class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** The error for a request whose parameters are wrong. */
export function invalidRequest(message: string): RequestError {
  return new RequestError(invalidParams, message)
}

/** Runs the work of one request. Whatever it throws becomes an error that a client may read. */
export async function answered<T>(what: string, logger: Logger, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RequestError) throw error
    throw protocolError(spokenError(what, error, logger))
  }
}

/** For what the copy does not have: wrong parameters with the address as data, in every era. */
export function resourceNotFound(uri: string, { message }: TidemarkError): RequestError {
  return new RequestError(invalidParams, cleanText(message), { uri: cleanText(uri).slice(0, 200) })
}

/**
 * Refuses a cursor where everything fits on one page: a client that gives one has mixed something up.
 *
 * @throws RequestError
 */
export function onlyPage(params: { readonly cursor?: string | undefined } | undefined): void {
  if (params?.cursor !== undefined) throw protocolError(unknownCursor())
}

export function unknownCursor(): TidemarkError {
  return new TidemarkError('cursor_invalid', 'Cannot go on with this list', {
    why: 'The cursor is not one that this list gave out.',
    next: 'Leave cursor out to begin at the first page.',
  })
}

/** A name that a client gave, to be repeated in an error: as it is when it is a word, which no order to a model can be. */
export function quotedName(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? `"${name}"` : 'what is named'
}

function protocolError({ code, message }: TidemarkError): RequestError {
  return new RequestError(ofTheRequest.includes(code) ? invalidParams : internalError, cleanText(message))
}

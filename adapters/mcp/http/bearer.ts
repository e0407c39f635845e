/** Who may ask: whoever presents the token. It is compared in constant time, goes no further, and is in no answer. */
import { refused } from './refused.ts'

export type BearerCheck = (request: Request) => Promise<Response | undefined>

/** A check that gives the refusal, or undefined for a request that may go on. */
export function createBearerCheck(token: string): BearerCheck {
  const expected = digestOf(token)
  return async (request) => {
    const presented = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (presented === undefined) return refused(401, 'A token is needed: Authorization: Bearer …', { 'WWW-Authenticate': 'Bearer realm="tidemark"' })
    // Digests are of one length, whatever was presented, and tell nothing about the place of the first difference.
    if (isSame(await digestOf(presented), await expected)) return undefined
    return refused(401, 'This token is not valid', { 'WWW-Authenticate': 'Bearer realm="tidemark", error="invalid_token"' })
  }
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0
}

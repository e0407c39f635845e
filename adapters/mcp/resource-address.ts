/**
 * Reads an address such as `testio://bug/598`. The SDK's own matching is not used: it neither decodes nor refuses `..`. An
 * address here has a kind and at most one key; what else a URI can have is refused.
 */

export interface ResourceAddress {
  readonly kind: string
  /** Decoded; undefined for a page of its own. */
  readonly key: string | undefined
}

const maxCharacters = 300
const form = /^testio:\/\/([a-z]{1,20})(?:\/([^/?#\\\s]+))?$/

/** Undefined for whatever is not an address of this server. */
export function resourceAddress(uri: string): ResourceAddress | undefined {
  const match = uri.length > maxCharacters ? null : form.exec(uri)
  if (match === null) return undefined
  const [, kind = '', encoded] = match
  if (encoded === undefined) return { kind, key: undefined }
  const key = decoded(encoded)
  // Decoding once must give a plain name: no way up, no separator, nothing that is still encoded, nothing invisible.
  return key !== undefined && /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(key) && !key.includes('..') ? { kind, key } : undefined
}

function decoded(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

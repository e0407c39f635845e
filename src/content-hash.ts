/**
 * A 64-bit hash of text, to see whether something is the same as last time. Only what has the same key is compared, so
 * this is about change, not about identity or security. Synchronous and fast: it runs for every record of a sync.
 */

const encoder = new TextEncoder()
/** For the bytes of most texts; a longer one gets room of its own, which nobody keeps. */
const scratch = new Uint8Array(65_536)

/**
 * 16 hex digits for some texts in their order. Two lanes over four bytes at a time, in the order of the machine, each with
 * its own multiplier, and a final mix.
 *
 * @param texts in which any half of a surrogate pair counts like any other
 */
export function contentHash(...texts: readonly string[]): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (const text of texts) {
    const words = wordsOf(text)
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] ?? 0
      a = Math.imul(a ^ word, 0x01000193)
      a ^= a >>> 16
      b = Math.imul(b ^ word, 0x5bd1e995)
      b ^= b >>> 15
    }
  }
  a = Math.imul(a ^ (b >>> 13), 0x85ebca6b)
  b = Math.imul(b ^ (a >>> 16), 0xc2b2ae35)
  return hex(a) + hex(b)
}

/** The bytes of a text, with zeros up to a multiple of four, and their number. */
function wordsOf(text: string): Uint32Array {
  // UTF-8 takes at most three bytes for what is one in UTF-16.
  const most = Math.ceil((text.length * 3) / 4) * 4 + 4
  const bytes = most <= scratch.length ? scratch : new Uint8Array(most)
  const { written } = encoder.encodeInto(text, bytes)
  const end = Math.ceil(written / 4)
  bytes.fill(0, written, end * 4)
  const words = new Uint32Array(bytes.buffer, 0, end + 1)
  words[end] = written
  return words
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}

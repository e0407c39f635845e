/**
 * A 64-bit hash of text, to see whether something is the same as last time. Only what has the same key is compared, so
 * this is about change, not about identity or security. Synchronous and fast: it runs for every record of a sync.
 */

/**
 * 16 hex digits for some texts in their order. Two lanes over two characters at a time, each with its own multiplier, and
 * a final mix.
 */
export function contentHash(...texts: readonly string[]): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  const take = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193)
    a ^= a >>> 16
    b = Math.imul(b ^ word, 0x5bd1e995)
    b ^= b >>> 15
  }
  for (const text of texts) {
    const even = text.length & ~1
    for (let index = 0; index < even; index += 2) take(text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16))
    if (even < text.length) take(text.charCodeAt(even))
    take(text.length)
  }
  a = Math.imul(a ^ (b >>> 13), 0x85ebca6b)
  b = Math.imul(b ^ (a >>> 16), 0xc2b2ae35)
  return hex(a) + hex(b)
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}

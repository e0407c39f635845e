/**
 * A 64-bit hash of text, to see whether a record is the same as last time. Two records are compared only under the same
 * id, so this is about change, not about identity or security. Synchronous and fast: it runs for every record of a sync.
 */

/** 16 hex digits (two FNV-1a lanes with different offsets and a final mix). */
export function contentHash(text: string): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x5bd1e995)
    b ^= b >>> 15
  }
  a = Math.imul(a ^ (b >>> 13), 0x85ebca6b)
  b = Math.imul(b ^ (a >>> 16), 0xc2b2ae35)
  return hex(a) + hex(b)
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}

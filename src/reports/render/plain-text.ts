/**
 * Text of strangers as one line that shows what it holds: line ends become spaces, and what cannot be seen or turns the
 * reading direction round is left out. Escaping is the business of each rendering.
 */

export function plainText(text: string): string {
  return text.replaceAll(loneSurrogate, '\uFFFD').replaceAll(/\s+/gu, ' ').replaceAll(invisible, '').trim()
}

const loneSurrogate = /\p{Surrogate}/gu
// Without the joiners and variation selectors, which letters and emoji are made with.
const invisible = /\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu

/**
 * Cuts a page into prose, fenced blocks and steps that only the test sees. Finds every fence, whatever its characters, its
 * length and its indentation, so that no block escapes by its form. Joined again, the parts are the page.
 */

export interface FencedBlock {
  readonly kind: 'block'
  /** From 1. */
  readonly line: number
  /** Empty where the fence names none. */
  readonly language: string
  /** What the fence says it is the text of. */
  readonly file: string | undefined
  readonly body: string
  readonly source: string
}

/** A comment like `<!-- js: const token = '…' -->`. */
export interface HiddenStep {
  readonly kind: 'hidden'
  readonly verb: 'sql' | 'edit' | 'js' | 'sh'
  /** Of `edit`. */
  readonly file: string
  readonly argument: string
  readonly source: string
}

export type PagePart = { readonly kind: 'prose'; readonly source: string } | FencedBlock | HiddenStep

const opening = /^\s*(?<fence>`{3,}|~{3,})\s*(?<language>[^\s`]*)[ \t]*(?<file>\S*)/

/** @throws RangeError for a block without an end */
export function partsOf(page: string): readonly PagePart[] {
  const parts: PagePart[] = []
  const lines = page.split(/(?<=\n)/)
  for (let at = 0; at < lines.length; ) {
    const [first = ''] = lines.slice(at)
    const fence = opening.exec(first)?.groups
    const length = fence !== undefined ? 2 + indexFrom(lines, at, (line) => isEnd(line, fence['fence'] ?? '')) : isHidden(first) ? 1 + indexFrom(lines, at - 1, (line) => line.includes('-->')) : 1
    const source = lines.slice(at, at + length).join('')
    const [, verb, file = '', argument = ''] = hidden.exec(source) ?? []
    if (fence !== undefined) {
      const body = lines.slice(at + 1, at + length - 1).join('')
      parts.push({ kind: 'block', line: at + 1, language: fence['language'] ?? '', file: fence['file'] === '' ? undefined : fence['file'], body, source })
    } else if (isVerb(verb)) {
      parts.push({ kind: 'hidden', verb, file, argument, source })
    } else {
      parts.push({ kind: 'prose', source })
    }
    at += length
  }
  return parts
}

const hidden = /^<!-- (sql|js|sh|edit)(?: (\S+))?: ([^]*?) -->\s*$/

function isHidden(line: string): boolean {
  return /^<!-- (?:sql|js|sh|edit \S+): /.test(line)
}

function isVerb(word: string | undefined): word is HiddenStep['verb'] {
  return word === 'sql' || word === 'js' || word === 'sh' || word === 'edit'
}

/** How many lines stand between this one and the next for which it holds. */
function indexFrom(lines: readonly string[], at: number, holds: (line: string) => boolean): number {
  const found = lines.slice(at + 1).findIndex(holds)
  if (found === -1) throw new RangeError(`What begins in line ${at + 1} has no end`)
  return found
}

function isEnd(line: string, fence: string): boolean {
  const text = line.trim()
  return text.length >= fence.length && [...text].every((character) => character === fence[0])
}

/**
 * Makes output the same on every run: revision ids, which are random, become the ids that stand in the page, in the order
 * in which they are met; moments and durations become fixed ones. And back, for what is typed after that.
 */
import { createHash } from 'node:crypto'

export class Stable {
  readonly #folder: string
  readonly #toldByActual = new Map<string, string>()
  #random = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** For the page. */
  told(text: string): string {
    return text
      // Of their own, and as random as a token.
      .replaceAll(`${this.#folder}/.local`, '/home/ada/.local')
      .replace(/(?<=^Token: )[\w-]{43}(?= )/gm, 'iR9W…ux4E')
      .replaceAll(`${this.#folder}/`, '')
      .replaceAll(this.#folder, '.')
      // One in three hundred is all digits: that it is an id shows in the name of its file, which is met first.
      .replace(/(?<=_)[0-9a-f]{12}(?=_)|\b[0-9a-f]{12}(?![0-9a-f])/g, (id, at: number, all: string) => (all[at - 1] === '_' || /\d[a-f]|[a-f]\d/.test(id) || this.#toldByActual.has(id) ? this.#told(id) : id))
      .replace(/\b20\d{6}_\d{4}(?=_)/g, '20261120_1800')
      .replace(/\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?Z?)?/g, '2026-11-20 18:00')
      .replace(/\b20\d\d-\d\d-\d\d\b(?! 18:00)/g, '2026-11-20')
      // Lines of progress come with the time that passes, and cursors hold moments.
      .replace(/^ *\d+ %  .*\n/gm, '')
      .replace(/(?<=--cursor )\S+/g, 'eyJxIjoi…')
      .replace(/\b\d+ requests\b/g, '23 requests')
      .replace(/\b\d+(?:\.\d+)?(?= m?s\b)/g, '3')
      .replace(/, \d+ \w+ old\b/g, ', 3 s old')
      // A last column of durations is as wide as the longest of them.
      .replace(/(.*) +Time\n(.*)  ─+\n/g, (_all, head: string, rule: string) => `${head.trimEnd().padEnd(rule.length)}  Time\n${rule}  ────\n`)
      .replace(/ +(3 m?s)$/gm, '  $1')
      .replace(/[ \t\r]+$/gm, '')
  }

  /** For the command line and the disk. Parts of ids of at least 4 digits are known too. */
  actual(text: string): string {
    return text.replace(/\b[0-9a-f]{4,12}\b|(?<=_)[0-9a-f]{12}(?=_)/g, (part) => {
      const found = [...this.#toldByActual].find(([, told]) => told.startsWith(part))
      if (found !== undefined) return found[0].slice(0, part.length)
      // A whole one that is typed before it was met is meant as it stands.
      if (part.length === 12) this.#toldByActual.set(part, part)
      return part
    })
  }

  #told(id: string): string {
    const known = this.#toldByActual.get(id)
    if (known !== undefined) return known
    this.#random += 1
    const told = createHash('sha256').update(`revision ${this.#random}`).digest('hex').slice(0, 12)
    this.#toldByActual.set(id, told)
    return told
  }
}

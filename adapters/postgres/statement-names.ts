/**
 * Which statements of one connection are prepared under a name, so that the server parses and plans them once. A text
 * gets a name when it comes for the second time. A connection gives a fixed number of names in its life, so that neither
 * side's memory grows; what comes later runs without one.
 */
import { firstKeyword } from '../../src/storage/first-keyword.ts'

/** The server keeps a plan for each, of some 10 to 100 kB. */
const mostNames = 100
/** Characters. Longer texts are bulk writes, whose text changes with the number of their rows. */
const longestText = 10_000

export class StatementNames {
  readonly #names = new Map<string, string>()
  /** Texts that came once, oldest first. */
  readonly #once = new Set<string>()
  #given = 0

  /** Undefined when the text runs without a name. */
  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql)
    if (known !== undefined || this.#given === mostNames || sql.length > longestText) return known
    // The others are run once, or cannot be run a second time when they fail half-way.
    if (!['select', 'with', 'insert', 'update', 'delete'].includes(firstKeyword(sql))) return undefined
    if (!this.#once.delete(sql)) {
      this.#once.add(sql)
      const [oldest] = this.#once
      if (this.#once.size > mostNames && oldest !== undefined) this.#once.delete(oldest)
      return undefined
    }
    this.#given += 1
    const name = `tidemark_${this.#given}`
    this.#names.set(sql, name)
    return name
  }

  /** For a schema that has changed: a prepared statement keeps the types of its time. No name is given again. */
  forget(): void {
    this.#names.clear()
  }
}

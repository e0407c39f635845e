/**
 * Reads the CREATE TABLE text that SQLite keeps: which columns and constraints it declares, and where in the text each
 * clause stands. It understands SQLite's grammar, also what this kit would not write itself; it judges nothing.
 */
import { TidemarkError } from '../../errors.ts'
import type { ReferentialAction } from '../../schema/column.ts'
import type { ForeignKeyTarget } from '../../schema/table.ts'
import { isKeyword, isName, isSymbol, tokenize } from './ddl-tokens.ts'
import type { Token } from './ddl-tokens.ts'

export type ClauseKind = 'primaryKey' | 'notNull' | 'null' | 'unique' | 'check' | 'default' | 'collate' | 'foreignKey' | 'generated'

export interface Span {
  readonly start: number
  readonly end: number
}

/** A constraint of a column or of the table, with its `CONSTRAINT name` where it has one. */
export interface Clause extends Span {
  readonly kind: ClauseKind
  readonly name?: string | undefined
  /** Of keys: the columns in its list; empty for a clause behind a column, which means that column. */
  readonly columns: readonly string[]
  /** Text of a check, default or generated expression, without the parentheses around it. */
  readonly expression?: string | undefined
  readonly stored?: boolean | undefined
  readonly references?: StoredReference | undefined
  readonly autoincrement?: boolean | undefined
  readonly descending?: boolean | undefined
  readonly tokens: readonly Token[]
}

export interface StoredReference extends ForeignKeyTarget {
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
}

export interface StoredColumn extends Span {
  readonly name: string
  /** Declared type as written; empty where there is none. */
  readonly type: string
  /** Where the type stands, or would stand. */
  readonly typeSpan: Span
  readonly clauses: readonly Clause[]
}

export interface StoredTable {
  readonly name: string
  readonly nameSpan: Span
  readonly columns: readonly StoredColumn[]
  readonly constraints: readonly Clause[]
  readonly withoutRowid: boolean
  readonly strict: boolean
}

/**
 * Undefined for what is no ordinary table: a virtual table, or `CREATE TABLE … AS SELECT`, which SQLite never stores.
 *
 * @throws TidemarkError `statement_failed` for a text that SQLite would not take: one that a change with a broken expression made
 */
export function parseCreateTable(sql: string): StoredTable | undefined {
  return new Reader(sql).table()
}

const clauseStarts = ['CONSTRAINT', 'PRIMARY', 'NOT', 'NULL', 'UNIQUE', 'CHECK', 'DEFAULT', 'COLLATE', 'REFERENCES', 'GENERATED', 'AS', 'FOREIGN', 'DEFERRABLE']
const constraintStarts = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN']

class Reader {
  readonly #sql: string
  readonly #tokens: readonly Token[]
  #at = 0
  #table = ''

  constructor(sql: string) {
    this.#sql = sql
    this.#tokens = tokenize(sql)
  }

  table(): StoredTable | undefined {
    if (!this.#skip('CREATE')) return undefined
    this.#skip('TEMP', 'TEMPORARY')
    if (!this.#skip('TABLE')) return undefined
    if (this.#skip('IF')) this.#at += 2
    if (isSymbol(this.#peek(1), '.')) this.#at += 2
    const nameToken = this.#next()
    if (!isName(nameToken) || !this.#skipSymbol('(')) return undefined
    this.#table = nameToken.value
    const columns: StoredColumn[] = []
    const constraints: Clause[] = []
    do {
      if (isKeyword(this.#peek(), ...constraintStarts)) {
        // SQLite lets table constraints follow each other without a comma.
        constraints.push(...this.#clauses())
      } else {
        columns.push(this.#column())
      }
    } while (this.#skipSymbol(','))
    if (!this.#skipSymbol(')')) throw this.#unreadable()
    const options = this.#tokens.slice(this.#at)
    return {
      name: nameToken.value,
      nameSpan: nameToken,
      columns,
      constraints,
      withoutRowid: options.some((token) => isKeyword(token, 'WITHOUT')),
      strict: options.some((token) => isKeyword(token, 'STRICT')),
    }
  }

  #column(): StoredColumn {
    const nameToken = this.#next()
    if (!isName(nameToken)) throw this.#unreadable()
    const first = this.#at
    while (isName(this.#peek()) && !isKeyword(this.#peek(), ...clauseStarts)) this.#at += 1
    if (this.#at > first && isSymbol(this.#peek(), '(')) this.#parentheses()
    const typeTokens = this.#tokens.slice(first, this.#at)
    const typeSpan = spanOf(typeTokens) ?? { start: nameToken.end, end: nameToken.end }
    const clauses = this.#clauses()
    return {
      name: nameToken.value,
      type: this.#sql.slice(typeSpan.start, typeSpan.end),
      typeSpan,
      clauses,
      start: nameToken.start,
      end: this.#peek(-1)?.end ?? typeSpan.end,
    }
  }

  /** All that stand before the next comma, or the end of the list. */
  #clauses(): Clause[] {
    const clauses: Clause[] = []
    while (this.#peek() !== undefined && !isSymbol(this.#peek(), ',') && !isSymbol(this.#peek(), ')')) if (!this.#skipEmpty()) clauses.push(this.#clause())
    return clauses
  }

  /** What SQLite takes and makes nothing of: a name that no constraint follows, and a DEFERRABLE that belongs to no key. */
  #skipEmpty(): boolean {
    const isBareName = isKeyword(this.#peek(), 'CONSTRAINT') && !isKeyword(this.#peek(2), ...clauseStarts.slice(1))
    if (isBareName) this.#at += 2
    return isBareName || this.#skipDeferral()
  }

  #clause(): Clause {
    const first = this.#at
    const name = this.#skip('CONSTRAINT') ? this.#next()?.value : undefined
    const facts = this.#clauseBody()
    const tokens = this.#tokens.slice(first, this.#at)
    const span = spanOf(tokens)
    if (facts === undefined || span === undefined) throw this.#unreadable()
    return { columns: [], ...facts, name, ...span, tokens }
  }

  #clauseBody(): (Pick<Clause, 'kind'> & Partial<Clause>) | undefined {
    if (this.#skip('PRIMARY')) {
      this.#skip('KEY')
      const list = this.#list()
      const descending = isKeyword(this.#peek(), 'DESC')
      this.#skip('ASC', 'DESC')
      this.#conflict()
      return { kind: 'primaryKey', columns: list.columns, descending, autoincrement: this.#skip('AUTOINCREMENT') || list.autoincrement }
    }
    if (this.#skip('NOT')) {
      this.#skip('NULL')
      this.#conflict()
      return { kind: 'notNull' }
    }
    if (this.#skip('NULL')) {
      this.#conflict()
      return { kind: 'null' }
    }
    if (this.#skip('UNIQUE')) {
      const { columns } = this.#list()
      this.#conflict()
      return { kind: 'unique', columns }
    }
    if (this.#skip('CHECK')) {
      const expression = this.#parentheses()
      this.#conflict()
      return { kind: 'check', expression }
    }
    if (this.#skip('DEFAULT')) {
      if (isSymbol(this.#peek(), '(')) return { kind: 'default', expression: this.#parentheses() }
      const start = this.#peek()?.start ?? 0
      if (isSymbol(this.#peek(), '-') || isSymbol(this.#peek(), '+')) this.#at += 1
      const last = this.#next()
      // A blob literal is the word x and a string that touches it.
      const blob = this.#peek()
      if (last?.kind === 'word' && blob?.kind === 'string' && blob.start === last.end) this.#at += 1
      return { kind: 'default', expression: this.#sql.slice(start, this.#tokens[this.#at - 1]?.end) }
    }
    if (this.#skip('COLLATE')) {
      this.#at += 1
      return { kind: 'collate' }
    }
    if (isKeyword(this.#peek(), 'GENERATED', 'AS')) {
      if (this.#skip('GENERATED')) this.#skip('ALWAYS')
      this.#skip('AS')
      const expression = this.#parentheses()
      const stored = isKeyword(this.#peek(), 'STORED')
      this.#skip('STORED', 'VIRTUAL')
      return { kind: 'generated', expression, stored }
    }
    if (this.#skip('FOREIGN')) {
      this.#skip('KEY')
      const { columns } = this.#list()
      return { kind: 'foreignKey', columns, references: this.#references() }
    }
    if (isKeyword(this.#peek(), 'REFERENCES')) return { kind: 'foreignKey', references: this.#references() }
    return undefined
  }

  #references(): StoredReference {
    this.#skip('REFERENCES')
    const table = this.#next()?.value ?? ''
    const { columns } = this.#list()
    const actions: { onDelete: ReferentialAction; onUpdate: ReferentialAction } = { onDelete: 'no action', onUpdate: 'no action' }
    for (;;) {
      if (this.#skip('ON')) {
        const event = isKeyword(this.#next(), 'DELETE') ? 'onDelete' : 'onUpdate'
        const words = [this.#next(), ...(isKeyword(this.#peek(-1), 'SET', 'NO') ? [this.#next()] : [])]
        const action = words.map((word) => word?.value.toLowerCase()).join(' ')
        if (isAction(action)) actions[event] = action
      } else if (this.#skip('MATCH')) {
        this.#at += 1
      } else if (!this.#skipDeferral()) {
        return { table, columns, ...actions }
      }
    }
  }

  #skipDeferral(): boolean {
    const found = isKeyword(this.#peek(), 'DEFERRABLE') || (isKeyword(this.#peek(), 'NOT') && isKeyword(this.#peek(1), 'DEFERRABLE'))
    if (!found) return false
    this.#skip('NOT')
    this.#skip('DEFERRABLE')
    if (this.#skip('INITIALLY')) this.#at += 1
    return true
  }

  /** `(a, b COLLATE nocase DESC)`; nothing where no list stands. */
  #list(): { readonly columns: readonly string[]; readonly autoincrement: boolean } {
    if (!isSymbol(this.#peek(), '(')) return { columns: [], autoincrement: false }
    const first = this.#at
    this.#parentheses()
    const inner = this.#tokens.slice(first, this.#at - 1)
    return {
      columns: inner.filter((token, position) => position > 0 && isName(token) && (position === 1 || isSymbol(inner[position - 1], ','))).map((token) => token.value),
      autoincrement: inner.some((token) => isKeyword(token, 'AUTOINCREMENT')),
    }
  }

  #conflict(): void {
    if (this.#skip('ON')) this.#at += 2
  }

  /** Passes a pair of parentheses; the text between them. */
  #parentheses(): string {
    const open = this.#peek()
    let depth = 0
    for (;;) {
      const token = this.#next()
      if (token === undefined || open === undefined) throw this.#unreadable()
      if (isSymbol(token, '(')) depth += 1
      if (isSymbol(token, ')')) depth -= 1
      if (depth === 0) return this.#sql.slice(open.end, token.start).trim()
    }
  }

  #unreadable(): TidemarkError {
    return new TidemarkError('statement_failed', `Cannot read the definition of table "${this.#table}"`, {
      why: 'Something in its text does not have a form that SQLite takes.',
      next: 'Where a change brings in an expression, close every parenthesis and quote in it.',
      details: { table: this.#table },
    })
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  #next(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  #skip(...keywords: readonly string[]): boolean {
    const found = isKeyword(this.#peek(), ...keywords)
    if (found) this.#at += 1
    return found
  }

  #skipSymbol(symbol: string): boolean {
    const found = isSymbol(this.#peek(), symbol)
    if (found) this.#at += 1
    return found
  }
}

function isAction(text: string): text is ReferentialAction {
  return ['no action', 'restrict', 'cascade', 'set null', 'set default'].includes(text)
}

function spanOf(tokens: readonly Token[]): Span | undefined {
  const first = tokens[0]
  const last = tokens.at(-1)
  return first && last && { start: first.start, end: last.end }
}

/**
 * A transaction in which a changing statement runs as the text that a script has for it, values written out, so that
 * what is printed is what was run.
 */
import type { QueryResult, Statement, Transaction } from '../../storage/storage.ts'
import { writeOut } from './statement-script.ts'

export class WritingTransaction implements Transaction {
  readonly dialect: Transaction['dialect']
  readonly #tx: Transaction
  readonly #texts: WeakMap<Statement, string>

  constructor(tx: Transaction, texts: WeakMap<Statement, string> = new WeakMap()) {
    this.dialect = tx.dialect
    this.#tx = tx
    this.#texts = texts
  }

  /** Tells that this statement, this very object, is about to be run; gives its text. */
  announce(statement: Statement): string {
    const text = writeOut(this.dialect, statement)
    this.#texts.set(statement, text)
    return text
  }

  query<R>(statement: Statement): Promise<QueryResult<R>> {
    const text = this.#texts.get(statement)
    return this.#tx.query<R>(text === undefined ? statement : { sql: text })
  }

  transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#tx.transaction((inner) => run(new WritingTransaction(inner, this.#texts)))
  }
}

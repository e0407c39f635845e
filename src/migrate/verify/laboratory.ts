/**
 * A shadow database with made-up rows in every table, on which revisions are run and looked at. When a revision has left
 * it in a state that none should leave, it is made anew.
 */
import { quoteLiteral } from '../../schema/identifier.ts'
import type { LiveSchema, LiveTable } from '../../schema/introspect.ts'
import type { NamingConvention } from '../../schema/table.ts'
import { deleteAllRows } from '../../storage/delete-all-rows.ts'
import type { Storage } from '../../storage/storage.ts'
import { runOnShadow } from '../replay.ts'
import type { Revision } from '../revision.ts'
import { RevisionFailure } from '../run-revision.ts'
import type { OpenShadow } from '../shadow.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { type RowSnapshot, type TableRows, snapshotRows } from './row-snapshot.ts'
import { enumValuesOf } from './row-draft.ts'
import { fillTables } from './synthetic-rows.ts'

export interface LaboratoryOptions {
  readonly open: OpenShadow
  readonly naming: NamingConvention
  readonly rowsPerTable: number | undefined
}

/** A state before or after a revision. */
export interface State {
  readonly catalogue: Catalogue
  readonly rows: RowSnapshot
}

export class Laboratory {
  readonly #options: LaboratoryOptions
  #shadow: Storage
  /** States seen lately; a revision goes back and forth between two. */
  #known: readonly Catalogue[] = []
  /** That of now, when no revision was run since it was read. */
  #current: Catalogue | undefined
  #fills = 0
  /** What stands in the shadow, in the order in which it was run. */
  #applied: readonly Revision[] = []
  /** Tables that cannot be filled better, by name, with the definition for which that holds. */
  readonly #settled = new Map<string, string>()

  private constructor(options: LaboratoryOptions, shadow: Storage) {
    this.#options = options
    this.#shadow = shadow
  }

  static async open(options: LaboratoryOptions): Promise<Laboratory> {
    return new Laboratory(options, await options.open())
  }

  /** The failure, after which everything is as before; undefined when it was run. */
  async run(revision: Revision, direction: 'upgrade' | 'downgrade'): Promise<RevisionFailure | undefined> {
    this.#current = undefined
    try {
      await runOnShadow(this.#shadow, revision, direction, this.#options.naming)
    } catch (error) {
      if (!(error instanceof RevisionFailure)) throw error
      // Without a transaction it may have stopped half-way.
      if (revision.transaction === false) await this.restart()
      return error
    }
    const others = this.#applied.filter((other) => other.id !== revision.id)
    this.#applied = direction === 'upgrade' ? [...others, revision] : others
    return undefined
  }

  stands(revision: Revision): boolean {
    return this.#applied.some((applied) => applied.id === revision.id)
  }

  async catalogue(): Promise<Catalogue> {
    if (this.#current !== undefined) return this.#current
    const catalogue = await readCatalogue(this.#shadow, this.#known)
    this.#known = [catalogue, ...this.#known.filter((other) => other !== catalogue)].slice(0, 3)
    this.#current = catalogue
    return catalogue
  }

  async state(): Promise<State> {
    const catalogue = await this.catalogue()
    return { catalogue, rows: await snapshotRows(this.#shadow, catalogue.schema) }
  }

  /**
   * The state, once every table has rows and every column values that would be missed, as far as that can be had; `notes`
   * tell of tables that stay empty, once for each.
   */
  async filled(): Promise<State & { readonly notes: readonly string[] }> {
    const state = await this.state()
    const { schema } = state.catalogue
    const lacking = [...schema.tables.values()].filter((table) => this.#lacksRows(table, state.rows) && this.#settled.get(table.name) !== JSON.stringify(table))
    if (lacking.length === 0) return { ...state, notes: [] }
    const fills = await this.addRows(schema, lacking.map((table) => table.name))
    // Of all tables: triggers may have written into others.
    const rows = await snapshotRows(this.#shadow, schema)
    const settled = lacking.filter((table) => this.#lacksRows(table, rows))
    for (const table of settled) this.#settled.set(table.name, JSON.stringify(table))
    const empty = settled.filter((table) => rows.get(table.name)?.rows.length === 0)
    return { ...state, rows, notes: empty.map(({ name }) => `Table "${name}" stayed empty. ${fills.find((fill) => fill.table === name)?.problem ?? ''}`.trimEnd()) }
  }

  /** Rows for tables of the schema: these, or those that have none. */
  addRows(schema: LiveSchema, tables?: readonly string[], rowsPerTable = this.#options.rowsPerTable): ReturnType<typeof fillTables> {
    this.#fills += 1
    return fillTables(this.#shadow, schema, { tables, rowsPerTable, seed: this.#fills })
  }

  async empty(): Promise<void> {
    await deleteAllRows(this.#shadow, [...(await this.catalogue()).schema.tables.keys()])
  }

  /** Gives up the database for a new one in which the same revisions were run, without rows. */
  async restart(): Promise<void> {
    await this.#shadow.close()
    this.#shadow = await this.#options.open()
    this.#known = []
    this.#current = undefined
    for (const revision of this.#applied) await runOnShadow(this.#shadow, revision, 'upgrade', this.#options.naming)
  }

  close(): Promise<void> {
    return this.#shadow.close()
  }

  /** A column that holds nothing, or the same everywhere, would not be missed, nor an enum's value that no row has. Tables do not grow for ever over that. */
  #lacksRows(table: LiveTable, snapshot: RowSnapshot): boolean {
    const { columns, rows }: Pick<TableRows, 'columns' | 'rows'> = snapshot.get(table.name) ?? { columns: [], rows: [] }
    const [first] = rows
    if (first === undefined) return true
    // Above what a table gets by itself for the values of an enum.
    if (rows.length > 10 * (this.#options.rowsPerTable ?? 6)) return false
    return table.columns.filter((column) => column.generated === undefined).some((column) => {
      const place = columns.indexOf(column.name)
      if (rows.every((row) => row[place] === first[place]) && (rows.length > 1 || first[place] === null)) return true
      const held = new Set(rows.map((row) => row[place]))
      // As a snapshot writes a text.
      return enumValuesOf(table, column).some((value) => !held.has(this.#shadow.dialect === 'sqlite' ? quoteLiteral(value) : value))
    })
  }
}

/** What commits number 1, 2, 3, … of `kill-writer.ts` do, and what the database must hold after them, worked out without SQL. */

export type Kind = 'one' | 'many' | 'touch' | 'thin' | 'forget' | 'vacuum' | 'table'

const turns: readonly Kind[] = ['one', 'many', 'one', 'touch', 'one', 'table', 'many', 'thin', 'one', 'forget', 'many', 'touch', 'one', 'table', 'one', 'vacuum']

export function kindOf(seq: number): Kind {
  return turns[seq % turns.length] ?? 'one'
}

/** Rows that the commit inserts. */
export function sizeOf(seq: number): number {
  return kindOf(seq) === 'one' ? 1 : 500 + ((seq * 7919) % 2_500)
}

/** The commit whose table this one drops, if there is one: the last two stay. */
export function droppedBy(seq: number): number | undefined {
  return Array.from({ length: seq - 1 }, (_, index) => seq - 1 - index).filter((before) => kindOf(before) === 'table')[1]
}

export interface BatchSummary {
  readonly batch: number
  readonly count: number
  readonly n: number
  readonly mark: number
  readonly length: number
}

export class ExpectedContent {
  /** By batch: the marks by n. */
  readonly #batches = new Map<number, Map<number, number>>()
  readonly #tables: number[] = []
  #last = 0

  get last(): number {
    return this.#last
  }

  /** One commit more. */
  advance(): void {
    const seq = (this.#last += 1)
    switch (kindOf(seq)) {
      case 'one':
      case 'many':
        this.#batches.set(seq, new Map(Array.from({ length: sizeOf(seq) }, (_, index) => [index + 1, 0])))
        break
      case 'touch':
        for (const marks of this.#batches.values()) for (const n of marks.keys()) if (n % 10 === 1) marks.set(n, seq)
        break
      case 'thin':
        for (const marks of this.#batches.values()) for (const n of marks.keys()) if (n % 3 === 0) marks.delete(n)
        break
      case 'forget':
      case 'vacuum':
        for (const batch of this.#batches.keys()) if (batch <= seq - 30) this.#batches.delete(batch)
        break
      case 'table':
        this.#tables.push(seq)
        if (this.#tables.length > 2) this.#tables.shift()
    }
  }

  get tables(): readonly string[] {
    return this.#tables.map((seq) => `extra_${seq}`)
  }

  /** In order; what `summarySql` reads. */
  get batches(): readonly BatchSummary[] {
    return [...this.#batches].map(([batch, marks]) => {
      const ns = [...marks.keys()]
      const lengths = ns.map((n) => `${batch}.${n}.`.length + ((batch * 31 + n * 17) % 200))
      return { batch, count: ns.length, n: sum(ns), mark: sum([...marks.values()]), length: sum(lengths) }
    })
  }
}

export const summarySql = `select batch, count(*) as count, sum(n) as n, sum(mark) as mark, sum(length(body)) as length from items
  where body like batch || '.' || n || '.%' group by batch order by batch`

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

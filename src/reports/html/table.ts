/** Tables of the report: a heading of its own for every row; on a phone each row is a card with the headings beside its figures. */
import { html, type Html, type HtmlValue } from './html-template.ts'

export interface Column<Item> {
  readonly head: string
  /** Figures stand to the right; judged ones have a word beside them and need a line of their own on a phone. */
  readonly number?: true | 'judged' | undefined
  readonly cell: (item: Item) => HtmlValue
}

export interface TableText {
  readonly caption: string
}

/** The first column heads the rows. */
export function table<Item>(columns: readonly Column<Item>[], items: readonly Item[], text: TableText): Html {
  return html`${tableStart(columns, text)}${tableRows(columns, items)}${tableEnd}`
}

export function tableStart<Item>(columns: readonly Column<Item>[], { caption }: TableText): Html {
  // Browsers that draw a table as blocks forget what it is, unless it is said.
  return html`<table class="cards" role="table"><caption class="hidden">${caption}</caption><thead role="rowgroup"><tr role="row">${
    columns.map(({ head, number }) => html`<th scope="col" role="columnheader" class="${classOf(number)}">${head}</th>`)}</tr></thead><tbody role="rowgroup">`
}

export function tableRows<Item>(columns: readonly Column<Item>[], items: readonly Item[]): Html {
  const [first, ...rest] = columns
  return html`${items.map((item) => html`<tr role="row"><th scope="row" role="rowheader">${first?.cell(item) ?? null}</th>${
    rest.map(({ head, number, cell }) => html`<td role="cell" class="${classOf(number)}" data-label="${head}">${cell(item)}</td>`)}</tr>
`)}`
}

export const tableEnd = html`</tbody></table>`

function classOf(number: true | 'judged' | undefined): string {
  return number === undefined ? 'text' : number === true ? 'number' : 'number judged'
}

/**
 * HTML as a tagged template that escapes every value, so that forgetting it is not possible. Values may stand in text and in
 * quoted attributes, and nowhere else: not in names, styles or scripts.
 */

/** Markup: made by the template, or of our own. */
export class Html {
  readonly #markup: string

  private constructor(markup: string) {
    this.#markup = markup
  }

  /** For texts of this program alone, never for a value. */
  static trusted(markup: string): Html {
    return new Html(markup)
  }

  get markup(): string {
    return this.#markup
  }
}

/** Null is nothing; a list is its parts one after the other. */
export type HtmlValue = string | number | Html | null | readonly HtmlValue[]

/**
 * @example
 * html`<td title="${title}">${title}</td>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.trusted(strings.map((text, index) => text + (index < values.length ? written(values[index] ?? null) : '')).join(''))
}

function written(value: HtmlValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.replaceAll(/[&<>"'`]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
  return value instanceof Html ? value.markup : value.map(written).join('')
}

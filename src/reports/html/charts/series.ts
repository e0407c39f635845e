/** The series that charts tell apart: each by a colour and by a second sign, a hatch or a shape, for those who see no colours. */
import { html, type Html } from '../html-template.ts'

export interface Series {
  /** Class of the style sheet. */
  readonly key: string
  readonly label: string
  /** Hatched instead of filled: the lines rise or fall. */
  readonly hatched?: 'rising' | 'falling' | undefined
}

/** The hatches of a drawing, whose ids have to be unique in the document. */
export function hatches(series: readonly Series[], prefix: string): Html {
  const patterns = series.filter(({ hatched }) => hatched !== undefined).map(({ key, hatched }) =>
    html`<pattern id="${prefix}-${key}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(${hatched === 'rising' ? 45 : -45})"><rect class="under" width="6" height="6"/><rect class="tint ${key}" width="6" height="6"/><rect class="fill ${key}" width="2.4" height="6"/></pattern>`)
  return html`<defs>${patterns}</defs>`
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A piece of a bar, with what it says when it is pointed at. */
export function piece({ key, hatched }: Series, prefix: string, { x, y, width, height }: Box, says: string): Html {
  const title = html`<title>${says}</title>`
  return hatched !== undefined
    ? html`<rect class="edge ${key}" x="${x}" y="${y}" width="${width}" height="${height}" fill="url(#${prefix}-${key})">${title}</rect>`
    : html`<rect class="fill edge ${key}" x="${x}" y="${y}" width="${width}" height="${height}">${title}</rect>`
}

/** What the colours and hatches mean. */
export function barLegend(series: readonly Series[], prefix: string): Html {
  const items = series.map((one) => html`<li><svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">${hatches([one], `${prefix}-legend`)}${piece(one, `${prefix}-legend`, { x: 1, y: 1, width: 12, height: 12 }, one.label)}</svg>${one.label}</li>`)
  return html`<ul class="legend">${items}</ul>`
}

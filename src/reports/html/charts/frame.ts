/**
 * What all charts share: a frame with a text alternative, and how texts are measured and cut. Charts are drawn twice, for wide
 * and for narrow screens, since text in a drawing that shrinks becomes too small to read. Colours come from the style sheet by
 * class, so that light, dark and paper are its business alone. D3 makes scales, ticks, stacks and lines: of the libraries that
 * draw without a browser it is the only one of 2 MB (Vega 16, ECharts 67), and it is loaded for HTML only.
 */
import { html, type Html, type HtmlValue } from '../html-template.ts'

export interface ChartSize {
  readonly name: 'wide' | 'narrow'
  readonly width: number
}

export const chartSizes: readonly ChartSize[] = [{ name: 'wide', width: 516 }, { name: 'narrow', width: 326 }]

export interface ChartText {
  /** Unique in the document. */
  readonly id: string
  readonly title: string
  /** What somebody would say who looks at it. */
  readonly description: string
}

export function drawing({ name, width }: ChartSize, height: number, { id, title, description }: ChartText, content: HtmlValue): Html {
  const key = `${id}-${name}`
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} ${round(height)}" width="${width}" height="${round(height)}" role="img" aria-labelledby="${key}-t ${key}-d"><title id="${key}-t">${title}</title><desc id="${key}-d">${description}</desc>${content}</svg>`
}

/** A coordinate with one decimal. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Cut with an ellipsis to so many pixels of the chart font, 12 px. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  // No character is narrower than 4 pixels: a title of 100,000 is not measured again for each letter less.
  const characters = [...text].slice(0, Math.ceil(width / 4))
  while (characters.length > 1 && textWidth(`${characters.join('')}…`) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** A guess on the safe side, that is for a wide font: nobody can measure without a browser. */
export function textWidth(text: string, weight: 'regular' | 'bold' = 'regular'): number {
  let width = 0
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 12.5 : /[A-Z@%MWmw<>=+&]/u.test(character) ? 10 : /[ .,:;'|()[\]ilftjrI-]/u.test(character) ? 4.7 : 7.7
  return weight === 'bold' ? width * 1.12 : width
}

/** Every how-many-th label there is room for. */
export function labelStep(count: number, room: number, width: number): number {
  return Math.max(1, Math.ceil((count * width) / Math.max(room, 1)))
}

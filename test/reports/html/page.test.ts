import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/reports/html/page.ts'
import { hostile, madeReport, madeTest, month, summary, textOf, type Made } from '../made-report.ts'

const page = (made?: Made): Promise<string> => textOf(renderHtml(madeReport(made)))

const voids = ['meta', 'br']
const elements = [
  'html', 'head', 'meta', 'title', 'style', 'body', 'header', 'main', 'footer', 'section', 'h1', 'h2', 'p', 'b', 'bdi', 'span', 'div', 'ul', 'li', 'dl', 'dt', 'dd', 'figure', 'details', 'summary',
  'table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td', 'svg', 'desc', 'defs', 'pattern', 'rect', 'path', 'line', 'text',
]

interface Tag { readonly name: string; readonly attributes: ReadonlyMap<string, string> }

/** Reads what the page may be made of and nothing else: anything that is not a whole tag, in its place, throws. */
function parse(text: string): { readonly tags: readonly Tag[]; readonly texts: readonly string[] } {
  const tags: Tag[] = []
  const texts: string[] = []
  const open: string[] = []
  let at = text.indexOf('>') + 1
  expect(text.slice(0, at)).toBe('<!doctype html>')
  const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z][\w:-]*="[^"<>]*")*(?: open)?)(\/?)>/uy
  while (at < text.length) {
    const next = text.indexOf('<', at)
    texts.push(text.slice(at, next === -1 ? undefined : next))
    if (next === -1) break
    tag.lastIndex = next
    const [whole, closing, name = '', attributes = '', selfClosing] = tag.exec(text) ?? []
    if (whole === undefined) throw new Error(`no tag: ${text.slice(next, next + 80)}`)
    at = next + whole.length
    if (closing === '/') {
      expect(open.pop()).toBe(name)
      continue
    }
    tags.push({ name, attributes: new Map([...attributes.matchAll(/([\w:-]+)="([^"]*)"/gu)].map(([, key = '', value = '']) => [key, value])) })
    if (selfClosing !== '/' && !voids.includes(name)) open.push(name)
    if (name === 'style') at = text.indexOf('</style>', at)
  }
  expect(open).toEqual([])
  return { tags, texts }
}

describe('the page of a report full of texts of strangers', () => {
  let text: string
  let parsed: ReturnType<typeof parse>
  beforeAll(async () => {
    text = await page()
    parsed = parse(text)
  })

  it('is well-formed, and made of the elements that it needs', () => {
    expect([...new Set(parsed.tags.map(({ name }) => name))].filter((name) => !elements.includes(name))).toEqual([])
    expect(parsed.texts.join('')).not.toMatch(/[<>]/u)
  })

  it('runs nothing and asks for nothing', () => {
    const names = new Set(parsed.tags.flatMap(({ attributes }) => [...attributes.keys()]))
    expect([...names].filter((name) => /^on|src|href|action|style|data$|srcdoc|poster|ping/u.test(name))).toEqual([])
    const urls = parsed.tags.flatMap(({ attributes }) => [...attributes.entries()]).filter(([name, value]) => name === 'fill' && value.includes('url'))
    expect(urls.every(([, value]) => /^url\(#[\w-]+\)$/u.test(value))).toBe(true)
    expect(/<style>([^]*)<\/style>/u.exec(text)?.[1]).not.toMatch(/url\(|@import|expression/u)
  })

  it('forbids everything but its own style sheet, by its digest', () => {
    const policy = parsed.tags.find(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy')?.attributes.get('content')
    const digest = createHash('sha256').update(/<style>([^]*)<\/style>/u.exec(text)?.[1] ?? '').digest('base64')
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`)
  })

  it('shows every text as it is, on one line, without what cannot be seen', () => {
    const shown = parsed.texts.map((piece) => piece.replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code))))
    for (const title of hostile) {
      const visible = title.replaceAll('\uD800', '\uFFFD').replaceAll(/\s+/gu, ' ').replaceAll(/[\u0000-\u001f\u007f\u200b\u202a-\u202e]/gu, '').trim()
      expect(shown).toContain(visible)
    }
  })

  it('gives every drawing a name and a description, and every id once', () => {
    const ids = parsed.tags.flatMap(({ attributes }) => attributes.get('id') ?? [])
    expect(ids).toHaveLength(new Set(ids).size)
    const drawings = parsed.tags.filter(({ name, attributes }) => name === 'svg' && attributes.get('role') === 'img')
    // Four charts, for wide and for narrow screens.
    expect(drawings).toHaveLength(8)
    for (const { attributes } of parsed.tags.filter((tag) => tag.attributes.has('aria-labelledby'))) for (const id of attributes.get('aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(id)
    for (const { attributes } of parsed.tags.filter(({ name }) => name === 'svg')) expect(attributes.get('role') ?? attributes.get('aria-hidden')).toMatch(/img|true/u)
    for (const id of parsed.tags.flatMap(({ attributes }) => /url\(#(.*)\)/u.exec(attributes.get('fill') ?? '')?.[1] ?? [])) expect(ids).toContain(id)
  })

  it('has one heading of the first rank and a heading of the row in every row', () => {
    expect(parsed.tags.filter(({ name }) => name === 'h1')).toHaveLength(1)
    const rows = parsed.tags.filter(({ name }) => name === 'tr').length
    const heads = parsed.tags.filter(({ attributes }) => attributes.get('scope') === 'row').length
    const tables = parsed.tags.filter(({ name }) => name === 'table').length
    expect(heads).toBe(rows - tables)
    expect(parsed.tags.filter(({ name }) => name === 'caption')).toHaveLength(tables)
  })
})

describe('the charts', () => {
  it('show the months in between, too', async () => {
    const text = await page({ trend: [month('2025-11', 3), month('2026-02', 5)] })
    expect(text).toContain('>Nov</text>')
    expect(text).toContain('>Dec</text>')
    expect(text).toContain('>Jan</text>')
    expect(text).toContain('Nov 2025: 1 bug accepted')
  })

  it.each<[string, Made]>([
    ['no month', { trend: [] }], ['no dated month', { trend: [month(null, 5)] }], ['no bugs', { trend: [month('2026-01', 0)], topFeatures: [], platforms: [] }],
    ['one month', { trend: [month('2026-01', 5)] }], ['130 years', { trend: [month('1971-01', 5), month('2099-12', 7)] }], ['a bug count of a million', { trend: [month('2026-01', 1_000_000)] }],
    ['no product', { byProduct: [], byTest: [], summary: summary(0) }],
  ])('are whole with %s', async (_what, made) => {
    const text = await page(made)
    parse(text)
    // Not toMatch, which would print the page.
    expect(/NaN|Infinity|undefined/u.exec(text)).toBe(null)
  })
})

describe('the table of tests', () => {
  it.each([[60, true], [61, false]])('with %s tests is open: %s', async (count, open) => {
    const text = await page({ byTest: Array.from({ length: count }, (_, index) => madeTest(index + 1, 'Checkout')) })
    expect(text.includes('<details open>')).toBe(open)
    expect([...text.matchAll(/<bdi>Checkout<\/bdi>/gu)]).toHaveLength(count)
  })
})

/** What pages refer to is there: files, headings, and folders that those about the code name. Addresses on the web are not asked. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { pages, pagesBelow, readPage, root } from './pages.ts'

it.each(pages)('%s links to what is there', (page) => {
  const broken = linksOf(page).filter((link) => {
    const [path = '', heading] = link.split('#')
    const target = path === '' ? page : join(dirname(page), decodeURIComponent(path))
    return !existsSync(join(root, target)) || (heading !== undefined && !headingsOf(target).includes(heading))
  })
  expect(broken).toEqual([])
})

it('pages of docs link to no page that the package leaves out', () => {
  const shipped = (target: string): boolean => target.startsWith('docs/') || ['README.md', 'CHANGELOG.md'].includes(target)
  const missing = pagesBelow('docs').flatMap((page) => linksOf(page).map((link) => join(dirname(page), link.split('#')[0] ?? ''))).filter((target) => target.endsWith('.md') && !shipped(target))
  expect(missing).toEqual([])
})

it('every page of docs can be reached from the README', () => {
  const reached = new Set<string>()
  const open = ['README.md']
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    reached.add(page)
    const from = dirname(page)
    open.push(...linksOf(page).map((link) => join(from, link.split('#')[0] ?? '')).filter((target) => pages.includes(target) && !reached.has(target)))
  }
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([])
})

// Elsewhere such paths may be those of a project of the reader.
it.each(pages.filter((page) => !/^docs\/(migrations\/|writing-an-adapter)/.test(page)))('%s names files and folders that are there', (page) => {
  const named = [...readPage(page).matchAll(/(?<!\]\(|[\w./-])(?:src|adapters|migrations|test|bench|mutation|scripts)\/[\w./-]*\w/g)].map(([path]) => path)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

/** Relative ones, outside of code. */
function linksOf(page: string): readonly string[] {
  const prose = readPage(page).replaceAll(/^(`{3,}|~{3,})[^]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : [link]))
}

/** As GitHub names them. */
function headingsOf(page: string): readonly string[] {
  const seen = new Map<string, number>()
  return [...readPage(page).replaceAll(/^(`{3,}|~{3,})[^]*?^\1/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => {
    const slug = title.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

/** The pages for readers, by path below the checkout. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** Every Markdown file of a folder; not those of packages that were installed there. */
export const pagesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md') && !name.includes('node_modules')).map((name) => join(folder, name)).toSorted()

export const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md', ...pagesBelow('docs'), ...pagesBelow('bench'), ...pagesBelow('mutation')]

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

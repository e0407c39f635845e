/** The README against the package that it describes: its example, commands, entries and settings are those that exist. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../adapters/cli/program.ts'
import { places } from '../../adapters/node/config-places.ts'
import { manifest, root, specifiers } from './consumer.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const example = readFileSync(join(root, 'examples/library.mjs'), 'utf8')

describe('the README', () => {
  it('shows exactly the example that is run in Node and in Deno', () => {
    expect(codeBlocks('js')).toEqual([example])
  })

  it('gives two commands that package.json has', () => {
    expect(codeBlocks('sh')).toContainEqual(expect.stringMatching(/^npm install && npm run demo\b.*\nnpm test\b.*\n$/))
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['demo', 'test']))
  })

  it('lists every entry, and no other', () => {
    expect(firstCells('import')).toEqual(expect.arrayContaining([...specifiers]))
    expect(firstCells('import')).toHaveLength(specifiers.length)
  })

  it('names only commands of the command line', () => {
    const named = [...readme.matchAll(/(?:npx |`)tidemark ([a-z]+)/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(5)
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(named))
  })

  it('lists every setting by its real names', () => {
    const rows = tableRows('environment').map((cells) => [cells[0], cells[1]])
    expect(rows).toEqual(Object.values(places).map(({ env, file }) => [`\`${env}\``, `\`${file}\``]))
  })
})

function codeBlocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, word]) => word === language).map(([, , code]) => code ?? '')
}

/** The rows of the table whose first heading is this. */
function tableRows(heading: string): string[][] {
  const table = readme.split('\n\n').find((block) => block.startsWith(`| ${heading} |`)) ?? ''
  return table.trim().split('\n').slice(2).map((row) => row.slice(1, -1).split('|').map((cell) => cell.trim()))
}

function firstCells(heading: string): string[] {
  return tableRows(heading).map(([cell = '']) => /`([^`]+)`/.exec(cell)?.[1] ?? '')
}

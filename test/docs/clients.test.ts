/** `docs/clients.md` against what `tidemark setup` writes: one source, so that a page that was copied from works. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { aiClients } from '../../adapters/cli/clients/ai-clients.ts'
import { withServer } from '../../adapters/cli/clients/client-settings.ts'
import { serverEntry } from '../../adapters/cli/clients/server-entry.ts'

const page = readFileSync(path.join(import.meta.dirname, '../../docs/clients.md'), 'utf8')

describe('the page about clients', () => {
  it.each(aiClients)('shows what setup writes for $title, where it writes it', (client) => {
    const section = sectionOf(client.title)
    expect(section).toContain(client.place)
    expect(section).toContain(client.nextStep)
    const [block] = blocksIn(section, client.format)
    expect(block).toBe(withServer(client, serverEntry(['--config', client.shared ? 'tidemark.config.json' : '/path/to/tidemark.config.json']), undefined))
  })

  it('names each client as the command line does', () => {
    for (const { key } of aiClients) expect(page).toContain(`\`${key}\``)
  })

  it('has no block that a program could not read, and none with a secret', () => {
    const json = blocksIn(page, 'json')
    expect(json.length).toBeGreaterThanOrEqual(5)
    for (const block of json) expect(JSON.parse(block)).toBeTypeOf('object')
    for (const block of blocksIn(page, 'toml')) expect(parseToml(block)).toBeTypeOf('object')
    for (const block of [...json, ...blocksIn(page, 'toml')]) expect(block).not.toMatch(/TESTIO_API_TOKEN": "(?!\$\{)/)
  })
})

function sectionOf(title: string): string {
  const section = page.split(/^### /m).find((part) => part.startsWith(`${title}\n`))
  if (section === undefined) throw new RangeError(`no section about ${title}`)
  return section
}

function blocksIn(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, word, code]) => (word === language && code !== undefined ? [code] : []))
}

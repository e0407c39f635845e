/** `docs/mcp.md` has the tools that there are, `docs/mcp-quality.md` the tests. After a change of one: `npx vitest run test/docs -u`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { toolLimits } from '../../adapters/mcp/check-tools.ts'
import { tools } from '../../adapters/mcp/tools.ts'
import { toolsetOf } from '../../adapters/mcp/toolsets.ts'
import { expectWritten } from './written-parts.ts'

const page = await readFile(new URL('../../docs/mcp.md', import.meta.url), 'utf8')

describe('the page about the MCP server', () => {
  it('has a row for every tool, in its own words', async () => {
    const rows = tools.map(({ definition: { name, description = '', inputSchema, annotations } }) => {
      const [gives = ''] = description.split(/(?<=\.) /)
      const takes = Object.keys(inputSchema.properties ?? {}).map((argument) => `\`${argument}\``).join(' ')
      return `| \`${name}\` | ${toolsetOf(name) ?? 'always'} | ${takes === '' ? '–' : takes} | ${gives.replaceAll('|', '\\|')}${annotations?.readOnlyHint === true ? '' : ' **Changes something.**'} |`
    })
    await expectWritten('docs/mcp.md', { tools: ['| tool | toolset | takes | gives |', '|---|---|---|---|', ...rows].join('\n') })
  })

  it('names the limits that are kept', () => {
    expect(page).toContain(`below ${toolLimits.tokens.toLocaleString('en-US')} tokens and each below ${toolLimits.tokensOfOne}`)
  })
})

describe('the page about what the server is checked for', () => {
  it('names tests and tools that there are, and limits that are kept', async () => {
    const checks = await readFile(new URL('../../docs/mcp-quality.md', import.meta.url), 'utf8')
    const named = [...checks.matchAll(/`([\w/-]+\.test\.ts|\w+\/)`/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !existsSync(new URL(`../mcp/${name}`, import.meta.url)))).toEqual([])
    expect(checks).toContain(`At most ${toolLimits.tools} tools, ${toolLimits.tokens.toLocaleString('en-US')} tokens in all, ${toolLimits.tokensOfOne} for one`)
    expect(tools.map(({ definition: { name } }) => name)).toEqual(expect.arrayContaining([...checks.matchAll(/--tool-name (\w+)/g)].map(([, name]) => name)))
  })
})

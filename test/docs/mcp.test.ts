/** `docs/mcp.md` has the tools that there are. After a change of one: `npx vitest run test/docs -u`. */
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

/** `docs/errors.md`: every code, what it means, and what the command line and AI clients make of it, as they do it here. */
import { expect, it } from 'vitest'
import { Invocation } from '../../adapters/cli/invocation.ts'
import { reportError } from '../../adapters/cli/report-error.ts'
import { markdownTable } from '../../adapters/mcp/markdown-table.ts'
import { errorResult } from '../../adapters/mcp/tool-errors.ts'
import { TidemarkError } from '../../src/errors.ts'
import { world } from '../cli/capture.ts'
import { type DescribedCode, describedCodes, givers } from './error-codes.ts'
import { expectWritten } from './written-parts.ts'

const codes = describedCodes()

it('docs/errors.md has every code', async () => {
  const givenBy = givers(new Set(codes.map(({ code }) => code)))
  const sections = [...new Set(codes.map(({ group }) => group))].map((group) => `## ${capital(group)}\n\n${markdownTable(
    ['code', 'means', 'what to do', 'exit code', 'AI clients see', 'comes from'],
    codes.filter((code) => code.group === group).map((code) => rowOf(code, givenBy.get(code.code))),
  )}`)
  await expectWritten('docs/errors.md', { codes: sections.join('\n\n') })
})

function rowOf({ code, meaning, next }: DescribedCode, folders: readonly string[] | undefined): readonly string[] {
  // A code that nobody gives out is not a promise but a leftover.
  expect(folders, `modules that make an error of code "${code}"`).toBeDefined()
  const error = new TidemarkError(code, 'Cannot do it', { why: 'Reason.', next: 'Do this.' })
  return [`\`${code}\``, meaning, capital(next), String(reportError(new Invocation(world()), error)), seenByClients(error), (folders ?? []).map((folder) => `\`${folder}\``).join(' ')]
}

function seenByClients(error: TidemarkError): string {
  const { content } = errorResult('list_tests', error, { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} })
  const [block] = content
  if (block?.type !== 'text') throw new TypeError('an error has no text')
  if (block.text === error.message) return 'the error'
  return block.text.includes('reference') ? 'a reference' : 'words of its own'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/**
 * What the pages show and `code-blocks.test.ts` does not run, each with the reason. Keep it short: whatever can be run, is.
 * An entry that no page needs any more fails.
 */
import { spawnSync } from 'node:child_process'

export interface NotRun {
  /** Left out: any page. */
  readonly page?: string
  /** Left out: any language. */
  readonly language?: string
  /** In the block. */
  readonly text?: RegExp
  readonly why: string
}

export const blocksNotRun: readonly NotRun[] = [
  { language: 'mermaid', why: 'a drawing' },
  { page: 'docs/migrations/operations.md', why: 'operations.test.ts writes the whole page, from what both engines ran' },
  { page: 'docs/writing-an-adapter.md', language: 'js', text: /^\/\/ (A storage adapter over|Proves the adapter by)/, why: 'writing-an-adapter.test.ts runs both files, in a newer Node' },
  { page: 'docs/postgres.md', language: 'sql', text: /create_distributed_table/, why: 'needs the extension Citus' },
  { page: 'docs/growing.md', language: 'sh', text: /^pg_dump /, why: 'the PostgreSQL of the tests comes without pg_dump' },
]

const lacksCurl = spawnSync('curl', ['--version']).error !== undefined

/** Lines of `sh` blocks. */
export const linesNotRun: readonly NotRun[] = [
  { text: /^npm (install|ci)\b/, why: 'asks the registry; test/package and test/examples use the packed package' },
  { text: /^(\w+=\S+ )?(npm (test|run)|npx (vitest|changeset)|node mutation\/)/, why: 'in a checkout: what CI itself is made of, benches and runs of hours; checkout-commands.test.ts looks at their names' },
  ...(lacksCurl ? [{ text: /^curl /, why: 'this machine has no curl' }] : []),
  { text: /^claude mcp add /, why: 'somebody else\'s program' },
]

export function reasonNotToRun(list: readonly NotRun[], where: { readonly page: string; readonly language: string; readonly text: string }): NotRun | undefined {
  return list.find(({ page, language, text }) => (page ?? where.page) === where.page && (language ?? where.language) === where.language && (text?.test(where.text) ?? true))
}

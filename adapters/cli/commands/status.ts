/** `tidemark status`: what is stored, how fresh it is, and how the last sync went. Asks the local copy only. */
import type { Command } from 'commander'
import type { Diagnostics } from '../../../src/tidemark.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { age, bytes, count, minute, share } from '../render/figures.ts'
import { bullets, facts, renderPage, section } from '../render/page.ts'
import type { Terminal } from '../render/terminal.ts'
import { withTidemark } from '../session.ts'

interface Status extends Omit<Diagnostics, 'api' | 'database' | 'checks'> {
  readonly customerId: number
  readonly database: Diagnostics['database'] & { readonly url: string }
  /** Those that are not ok. */
  readonly problems: readonly { readonly name: string; readonly detail: string; readonly fix: string | null }[]
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Says what is stored, how fresh it is and how the last sync went. Asks the local copy only.')
    .addHelpText('after', examples(['tidemark status', 'tidemark status --json']))
    .action(async () => {
      const status = await withTidemark(invocation, [], async (tidemark, configuration): Promise<Status> => {
        const { version, database, sync, checks } = await tidemark.diagnostics({ probeApi: false, signal: invocation.io.signal })
        const problems = checks.filter(({ ok }) => !ok).map(({ name, detail, fix }) => ({ name, detail, fix }))
        return { version, customerId: tidemark.customerId, database: { url: databaseUrlForPeople(configuration.database), ...database }, sync, problems }
      })
      if (invocation.flags.json === true) invocation.printJson(status)
      else invocation.print(renderStatus(invocation.out, status))
    })
}

function renderStatus(terminal: Terminal, { customerId, database, sync, problems }: Status): string {
  const { counts } = database
  const lastRun = sync.lastRun
  return renderPage([
    facts(terminal, [
      ['Database', database.url],
      ['Engine', database.engine],
      ['Size', bytes(database.sizeBytes)],
      ['Revision', `${database.revision ?? 'none'}${database.atHead ? ' (newest)' : ' (not the newest)'}`],
      ['Customer', String(customerId)],
    ]),
    facts(terminal, [
      ['Products', count(counts.products)],
      ['Tests', count(counts.tests)],
      ['Bugs', count(counts.bugs)],
      ['Features', count(counts.features)],
      ['Users', count(counts.users)],
    ]),
    facts(terminal, [
      ['Last success', sync.lastSuccessAt === null ? 'never' : `${minute(sync.lastSuccessAt)} UTC (${age((Date.now() - Date.parse(sync.lastSuccessAt)) / 1000)} ago)`],
      ['Last run', lastRun === null ? 'none' : `${lastRun.id}: ${lastRun.outcome ?? 'running'}, started ${minute(lastRun.startedAt)} UTC`],
      ['Last 24 hours', sync.successRate24h === null ? 'no run finished' : `${share(sync.successRate24h)} of the runs succeeded`],
    ]),
    section(terminal, 'To do', bullets(terminal, problems.map(({ detail, fix }) => `${detail}${fix === null ? '' : ` ${fix}`}`))),
  ])
}

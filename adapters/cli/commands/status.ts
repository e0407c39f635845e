/** `tidemark status`: what is stored, how far each part of it can be trusted, and how the syncs went. Asks the local copy only. */
import type { Command } from 'commander'
import { count, minute, share } from '../../../src/answers/figures.ts'
import type { SyncStatus } from '../../../src/sync/status.ts'
import type { Diagnostics } from '../../../src/tidemark.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { age, bytes } from '../render/figures.ts'
import { bullets, facts, renderPage, section } from '../render/page.ts'
import type { Terminal } from '../render/terminal.ts'
import { withTidemark } from '../session.ts'
import { productNames, type ProductNames } from '../sync/product-names.ts'
import { renderRunning, renderRuns } from '../sync/run-table.ts'
import { renderStreams } from '../sync/stream-table.ts'

interface Status extends Omit<Diagnostics, 'api' | 'database' | 'sync' | 'checks'> {
  readonly customerId: number
  readonly database: Diagnostics['database'] & { readonly url: string }
  readonly sync: Omit<Diagnostics['sync'], 'breaker'> & SyncStatus
  /** Those that are not ok. */
  readonly problems: readonly { readonly name: string; readonly detail: string; readonly fix: string | null }[]
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Says what is stored, how old and how complete each stream of it is, whether a sync is going on, and how the last ones went. Asks the local copy only.',
    )
    .addHelpText('after', examples(['tidemark status', 'tidemark status --json']))
    .action(() =>
      withTidemark(invocation, [], async (tidemark, configuration) => {
        const { version, database, sync, checks } = await tidemark.diagnostics({ probeApi: false, signal: invocation.io.signal })
        const { breaker: _ofThisProcess, ...syncs } = sync
        const status: Status = {
          version,
          customerId: tidemark.customerId,
          database: { url: databaseUrlForPeople(configuration.database), ...database },
          sync: { ...syncs, ...(await tidemark.syncStatus()) },
          problems: checks.filter(({ ok }) => !ok).map(({ name, detail, fix }) => ({ name, detail, fix })),
        }
        const names = productNames(tidemark)
        await names.refresh()
        invocation.answer(status, (terminal) => renderStatus(terminal, status, names, Date.now()))
      }),
    )
}

function renderStatus(terminal: Terminal, { customerId, database, sync, problems }: Status, names: ProductNames, now: number): string {
  const { counts } = database
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
      ['Last success', sync.lastSuccessAt === null ? 'never' : `${minute(sync.lastSuccessAt)} UTC (${age((now - Date.parse(sync.lastSuccessAt)) / 1000)} ago)`],
      ['Last 24 hours', sync.successRate24h === null ? 'no run finished' : `${share(sync.successRate24h)} of the runs succeeded`],
    ]),
    section(terminal, 'Running now', renderRunning(terminal, sync.running, now)),
    section(terminal, 'Last runs', renderRuns(terminal, sync.runs)),
    section(terminal, 'Streams', renderStreams(terminal, sync.streams, names, now)),
    section(terminal, 'To do', bullets(terminal, problems.map(({ detail, fix }) => `${detail}${fix === null ? '' : ` ${fix}`}`))),
  ])
}

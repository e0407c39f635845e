/**
 * `tidemark demo`: a simulated account is synced into a real database and looked at, without token and network. Reads no
 * configuration, so that it can never write simulated data into somebody's own copy by itself.
 */
import type { Command } from 'commander'
import * as v from 'valibot'
import { TidemarkError } from '../../../src/errors.ts'
import { openTidemark } from '../../../src/mod.ts'
import { BASE_PATH, createSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import type { SyncResult } from '../../../src/sync/types.ts'
import type { Tidemark } from '../../../src/tidemark.ts'
import { settingSchemas } from '../../node/config-values.ts'
import { databaseUrlForPeople, databaseUrlOf, parseDatabaseUrl, type DatabaseLocation } from '../../node/database-url.ts'
import { logLevels } from '../../node/logger.ts'
import { serverEntry, type ServerEntry } from '../clients/server-entry.ts'
import { readOverview, renderOverview, type Overview } from '../demo-overview.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { openStorage } from '../open-storage.ts'
import { renderPage, section } from '../render/page.ts'
import type { Terminal } from '../render/terminal.ts'
import { closing, loggerOf } from '../session.ts'
import { productNames, type ProductNames } from '../sync/product-names.ts'
import { syncExitCode, watchSync } from '../sync/watch-sync.ts'
import { renderSync } from '../sync/summary.ts'

const defaultDatabase = 'sqlite:./tidemark-demo.db'
/** An account in which something happened lately. */
const seed = 20

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      `Syncs a simulated account (3 products, 60 tests, 400 bugs) into a database and looks at it: needs no token and no network.\n` +
        `Without --database it is ${defaultDatabase}; a demo database that is there already is brought up to date, any other one is left alone.`,
    )
    .addHelpText('after', examples(['tidemark demo', 'tidemark demo --database pglite:./demo', 'tidemark demo --database sqlite::memory: --json']))
    .action(async () => {
      const url = invocation.flags.database ?? defaultDatabase
      const location = parseDatabaseUrl(url, invocation.io.cwd)
      const customerId = customerOf(invocation)
      const simulator = createSimulator({ seed, scale: 'demo' })
      await closing(await openDemo(invocation, location, customerId, simulator), async (tidemark) => {
        await refuseForeignData(tidemark, simulator)
        if (invocation.flags.json !== true) invocation.note(`Syncing a simulated TestIO account into ${databaseUrlForPeople(location)} …`)
        // A database of an earlier day: its account has moved on in every date.
        const names = productNames(tidemark)
        const sync = await watchSync(invocation, names, (watched) => tidemark.sync({ mode: 'force', ...watched }))
        const overview = await readOverview(tidemark)
        show(invocation, { url: location.engine === 'postgres' ? databaseUrlForPeople(location) : url, location, customerId, sync, names, overview })
        invocation.exit = syncExitCode(sync.outcome)
      })
    })
}

function customerOf({ flags }: Invocation): number {
  const { success, output } = v.safeParse(settingSchemas.customerId, flags.customer ?? '1')
  if (success && output !== undefined) return output
  throw new TidemarkError('argument_invalid', 'Cannot use --customer', { why: 'It must be a whole number above 0.', next: 'Give another one, or leave it out for 1.' })
}

async function openDemo(invocation: Invocation, location: DatabaseLocation, customerId: number, simulator: Simulator): Promise<Tidemark> {
  const level = invocation.flags.logLevel ?? invocation.io.env['TIDEMARK_LOG_LEVEL']
  return openTidemark({
    storage: await openStorage(location),
    customerId,
    testio: { token: simulator.token, baseUrl: `https://simulated.invalid${BASE_PATH}`, fetch: simulator.fetch },
    logger: loggerOf(invocation, { logLevel: logLevels.find((known) => known === level) ?? 'warn' }),
  })
}

/** Products of this customer that are not of the demo: somebody's own copy, whose rows the sync would call deleted. */
async function refuseForeignData(tidemark: Tidemark, { truth }: Simulator): Promise<void> {
  const { items, total } = await tidemark.products.list({ limit: 100 })
  const names = new Map(truth.products.map(({ id, name }) => [id, name]))
  if (total <= names.size && items.every(({ id, name }) => names.get(id) === name)) return
  throw new TidemarkError('argument_invalid', 'Cannot run the demo in this database', {
    why: 'It holds products of this customer that are not of the demo, and a sync with the simulated account would remove them.',
    next: 'Give a database of its own, for example --database sqlite:./tidemark-demo.db, or another --customer.',
  })
}

interface DemoAnswer {
  readonly url: string
  readonly location: DatabaseLocation
  readonly customerId: number
  readonly sync: SyncResult
  readonly names: ProductNames
  readonly overview: Overview
}

function show(invocation: Invocation, answer: DemoAnswer): void {
  const { customerId, sync, names, overview, location } = answer
  const commands = furtherCommands(answer)
  const mcpServer = mcpServerOf(answer, invocation.io.script)
  if (invocation.flags.json === true) {
    return invocation.printJson({ database: databaseUrlForPeople(location), customerId, sync, ...overview, commands, mcpServer })
  }
  const { out } = invocation
  invocation.print(renderPage([renderSync(out, sync, { names, products: false }), ...renderOverview(out, overview), lookFurther(out, commands), connect(out, mcpServer)]))
}

/** Nothing can be looked at once a database in memory is gone. */
function furtherCommands({ url, location, customerId }: DemoAnswer): readonly string[] {
  if (isInMemory(location)) return []
  const where = `--database ${shellWord(url)} --customer ${customerId}`
  return ['tests', 'bugs', 'users', 'status'].map((name) => `npx tidemark ${name.padEnd(6)} ${where}`)
}

/** How an AI client starts the server on this database; null for one that is gone. */
function mcpServerOf({ location, customerId }: DemoAnswer, script: string | undefined): ServerEntry | null {
  if (isInMemory(location)) return null
  const url = location.engine === 'postgres' ? databaseUrlForPeople(location) : databaseUrlOf(location)
  return serverEntry(['--database', url, '--customer', String(customerId)], { script, platform: process.platform })
}

function lookFurther(terminal: Terminal, commands: readonly string[]): string {
  if (commands.length === 0) return 'The database was in memory and is gone. Without --database the demo leaves a file to look at.\n'
  return section(terminal, 'Look further (--help shows the filters)', commands.map((line) => `  ${terminal.style('cyan', line)}\n`).join(''))
}

function connect(terminal: Terminal, mcpServer: ServerEntry | null): string {
  if (mcpServer === null) return ''
  const text = JSON.stringify({ mcpServers: { tidemark: mcpServer } }, null, 2)
  return section(terminal, 'Connect an AI client (Claude, Cursor, VS Code, …): add this to its MCP servers', `${text}\n`)
}

function isInMemory(location: DatabaseLocation): boolean {
  return (location.engine === 'sqlite' && location.file === null) || (location.engine === 'pglite' && location.dir === null)
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

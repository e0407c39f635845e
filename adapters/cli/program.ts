/**
 * The commands and what they have in common. A command's own module is loaded when that command is called: the list of
 * names and summaries here is all that `--version` and `--help` need.
 */
import { Command, Option } from 'commander'
import { version } from '../../src/version.ts'
import { logLevels } from '../node/logger.ts'
import { examples } from './help-text.ts'
import type { GlobalFlags, Invocation } from './invocation.ts'

export interface CommandModule {
  /** Adds arguments, options, help and the action. */
  declare(command: Command, invocation: Invocation): void
}

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<CommandModule>
}

export const commands: readonly CommandEntry[] = [
  { name: 'demo', summary: 'try it: a simulated account, without token and network', load: () => import('./commands/demo.ts') },
  { name: 'setup', summary: 'ask for token, customer and database, try them, write them down', load: () => import('./commands/setup.ts') },
  { name: 'sync', summary: 'bring the local copy up to date', load: () => import('./commands/sync.ts') },
  { name: 'status', summary: 'what is stored, how far it can be trusted, how the syncs went', load: () => import('./commands/status.ts') },
  { name: 'doctor', summary: 'when something looks wrong: checks everything that support would ask for', load: () => import('./commands/doctor.ts') },
  { name: 'quarantine', summary: 'records that the API would not give: list, retry, clear', load: () => import('./commands/quarantine.ts') },
  { name: 'products', summary: 'list products, or show one', load: () => import('./commands/products.ts') },
  { name: 'tests', summary: 'list tests, or show one', load: () => import('./commands/tests.ts') },
  { name: 'bugs', summary: 'list bugs, or show one', load: () => import('./commands/bugs.ts') },
  { name: 'features', summary: 'list features, or show one', load: () => import('./commands/features.ts') },
  { name: 'users', summary: 'list testers and customer users, or show one', load: () => import('./commands/users.ts') },
  { name: 'search', summary: 'find products, features, tests and bugs by their words', load: () => import('./commands/search.ts') },
  { name: 'query', summary: 'count tests and bugs by whatever you ask', load: () => import('./commands/query.ts') },
  { name: 'metrics', summary: 'what query can count and group by, and what it means', load: () => import('./commands/metrics.ts') },
  { name: 'report', summary: 'the quality report: here, or as HTML with charts, Markdown, JSON, CSV', load: () => import('./commands/report.ts') },
  { name: 'serve', summary: 'the MCP server, for AI clients', load: () => import('./commands/serve.ts') },
  { name: 'migrate', summary: 'bring the database schema up or down', load: () => import('./commands/migrate.ts') },
  { name: 'simulate', summary: 'serve a simulated TestIO API over HTTP', load: () => import('./commands/simulate.ts') },
]

/** Throws a CommanderError instead of ending the process, also for help and version. */
export function createProgram(invocation: Invocation): Command {
  const { io, out } = invocation
  const program = new Command('tidemark')
    .description('A faithful local copy of a TestIO customer account, and answers about it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .option('--database <url>', 'sqlite:FILE, pglite:FOLDER or postgres://… (default: a SQLite file in your data directory)')
    .option('--customer <n>', 'number of the customer account')
    .option('--config <file>', 'configuration file (default: tidemark.config.ts, .js, .mjs or .json here)')
    .option('--json', 'print JSON instead of text')
    .addOption(new Option('--log-level <level>', 'what to log to standard error').choices(logLevels))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(out.width, 100),
      getErrHelpWidth: () => Math.min(out.width, 100),
      // The message comes back in the thrown error and is written in three parts.
      outputError: () => undefined,
    })
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => out.style('bold', title) })
    .addHelpText('after', examples(['tidemark demo', 'tidemark sync --products 598 --since "30 days ago"', 'tidemark bugs --outcomes rejected --from "last month"', 'tidemark tests --help']))
  for (const { name, summary } of commands) program.command(name).summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
  program.hook('preSubcommand', async (_program, command) => {
    invocation.commandName = fullName(command)
    command.hook('preSubcommand', (_command, inner) => {
      invocation.commandName = fullName(inner)
    })
    const entry = commands.find(({ name }) => name === command.name())
    const module = await entry?.load()
    module?.declare(command, invocation)
  })
  program.hook('preAction', () => {
    invocation.flags = program.opts<GlobalFlags>()
  })
  return program
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`
}

/** `tidemark serve`: the MCP server over standard input and output, which belong to the protocol from here on. */
import type { Command } from 'commander'
import { runStdioServer } from '../../mcp/stdio.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { syncScopeOf } from '../../node/sync-scope.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { configure, loggerOf, openConfigured } from '../session.ts'

/** That of the age at which answers are called stale. */
const defaultRefreshSeconds = 3600

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Serves the local copy to AI clients over MCP (standard input and output). A client starts it by itself. With a token it keeps the copy fresh while it runs, and several servers on one database share that work; without one it only reads.',
    )
    .option('--read-only', 'leave out the tools that change something, and never sync')
    .option('--no-refresh', 'sync only when a client asks for it (default: also by itself, when a product is older than TIDEMARK_REFRESH_SECONDS)')
    .addHelpText('after', examples(['tidemark serve --database sqlite:./tidemark.db --customer 1', 'claude mcp add tidemark -- npx -y tidemark serve --customer 1']))
    .action(async () => {
      const configuration = await configure(invocation, ['customerId'])
      const { readOnly, refresh } = command.opts<{ readonly readOnly?: boolean; readonly refresh: boolean }>()
      await runStdioServer(() => openConfigured(invocation, configuration), {
        readOnly,
        refreshSeconds: refresh ? (configuration.refreshSeconds ?? defaultRefreshSeconds) : undefined,
        syncScope: syncScopeOf(configuration),
        databaseUrl: databaseUrlForPeople(configuration.database),
        logger: loggerOf(invocation, configuration),
      })
    })
}

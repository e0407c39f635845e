/** `tidemark serve`: the MCP server over standard input and output, which belong to the protocol from here on. */
import type { Command } from 'commander'
import { runStdioServer } from '../../mcp/stdio.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { configure, loggerOf, openConfigured } from '../session.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Serves the local copy to AI clients over MCP (standard input and output). A client starts it by itself; without a token it only reads.',
    )
    .option('--read-only', 'leave out the tools that change something')
    .addHelpText('after', examples(['tidemark serve --database sqlite:./tidemark.db --customer 1', 'claude mcp add tidemark -- npx -y tidemark serve --customer 1']))
    .action(async () => {
      const configuration = await configure(invocation, ['customerId'])
      await runStdioServer(() => openConfigured(invocation, configuration), {
        readOnly: command.opts<{ readonly readOnly?: boolean }>().readOnly,
        databaseUrl: databaseUrlForPeople(configuration.database),
        logger: loggerOf(invocation, configuration),
      })
    })
}

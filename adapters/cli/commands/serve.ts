/** `tidemark serve`: the MCP server, over standard input and output, which belong to the protocol from here on, or over HTTP. */
import { Option, type Command } from 'commander'
import { TidemarkError } from '../../../src/errors.ts'
import { serveOverStdio } from '../../mcp/stdio-server.ts'
import { parseToolsets, toolsetNames } from '../../mcp/toolsets.ts'
import type { ConfigurationWith } from '../../node/config.ts'
import { defaultReportsFolder, httpTokenFile } from '../../node/data-directory.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { keptToken } from '../../node/http-token.ts'
import { syncScopeOf } from '../../node/sync-scope.ts'
import { countValue, textsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { configure, loggerOf, openConfigured } from '../session.ts'

/** That of the age at which answers are called stale. */
const defaultRefreshSeconds = 3600

interface ServeFlags {
  readonly readOnly?: boolean
  readonly refresh: boolean
  readonly toolsets?: readonly string[]
  readonly http?: boolean
  readonly host: string
  readonly port: number
  readonly token: boolean
  readonly allowedHosts?: readonly string[]
  readonly allowedOrigins?: readonly string[]
  readonly rateLimit: number
}

const httpFlags = ['host', 'port', 'token', 'allowedHosts', 'allowedOrigins', 'rateLimit'] as const satisfies readonly (keyof ServeFlags)[]

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Serves the local copy to AI clients over MCP: on standard input and output, where a client starts it by itself, or with --http for clients that come to it. With a token it keeps the copy fresh while it runs, and several servers on one database share that work; without one it only reads.',
    )
    .option('--read-only', 'leave out the tools that change something, and never sync')
    .option('--no-refresh', 'sync only when a client asks for it (default: also by itself, when a product is older than TIDEMARK_REFRESH_SECONDS)')
    .option('--toolsets <names>', `only these groups of tools: ${toolsetNames.join(', ')} (default: all)`, textsValue)
    .option('--http', 'serve over HTTP, at /mcp; clients need the token that is printed, or TIDEMARK_HTTP_TOKEN')
    .option('--host <address>', 'with --http: address to listen on', '127.0.0.1')
    .addOption(new Option('--port <n>', 'with --http: port to listen on; 0 takes any free one').argParser(countValue).default(3000))
    .option('--no-token', 'with --http: ask nobody for a token; on the loopback address only')
    .option('--allowed-hosts <names>', 'with --http: further names under which clients reach it', textsValue)
    .option('--allowed-origins <urls>', 'with --http: web pages of these origins may use it', textsValue)
    .addOption(new Option('--rate-limit <n>', 'with --http: requests a minute from one address; 0 for no limit').argParser(countValue).default(6000))
    .addHelpText(
      'after',
      examples([
        'tidemark serve --database sqlite:./tidemark.db --customer 1', 'claude mcp add tidemark -- npx -y tidemark serve --customer 1',
        'tidemark serve --http --port 3000 --read-only --toolsets lists,summaries,analytics',
      ]),
    )
    .action(async () => {
      const flags = command.opts<ServeFlags>()
      const stray = flags.http === true ? [] : httpFlags.filter((name) => command.getOptionValueSource(name) === 'cli')
      if (stray.length > 0) throw withoutHttp(stray)
      const toolsets = flags.toolsets && parseToolsets(flags.toolsets)
      const configuration = await configure(invocation, ['customerId'])
      const open = () => openConfigured(invocation, configuration)
      const options = {
        readOnly: flags.readOnly,
        toolsets,
        refreshSeconds: flags.refresh ? (configuration.refreshSeconds ?? defaultRefreshSeconds) : undefined,
        syncScope: syncScopeOf(configuration),
        databaseUrl: databaseUrlForPeople(configuration.database),
        reportsFolder: defaultReportsFolder(),
        logger: loggerOf(invocation, configuration),
      }
      if (flags.http !== true) return serveOverStdio(await import('../mcp-sdk.ts'), open, options)
      const { runHttpServer } = await import('../../mcp/http.ts')
      const { token, note } = flags.token ? await tokenFor(configuration) : { token: null, note: 'nobody is asked for one' }
      invocation.protect(token === null ? [] : [token])
      const { host, port, allowedHosts, allowedOrigins, rateLimit } = flags
      await runHttpServer(open, {
        ...options, token, host, port, allowedHosts, allowedOrigins,
        requestsPerMinute: rateLimit,
        signal: invocation.io.signal,
        // The one place where the token is shown, and so not through `note`, which would hide it.
        onListening: (url) => void invocation.io.stderr.write(`Serving MCP on ${url}. Stop it with Ctrl+C.\nToken: ${note}\n`),
      })
    })
}

/** A token that somebody gave is not shown to anybody. */
async function tokenFor({ httpToken }: ConfigurationWith<'customerId'>): Promise<{ readonly token: string; readonly note: string }> {
  if (httpToken !== undefined) return { token: httpToken, note: 'the one that was given (TIDEMARK_HTTP_TOKEN or httpToken)' }
  const token = await keptToken(httpTokenFile())
  return { token, note: `${token} (kept in ${httpTokenFile()}; TIDEMARK_HTTP_TOKEN gives another)` }
}

function withoutHttp(names: readonly string[]): TidemarkError {
  const flags = names.map((name) => (name === 'token' ? '--no-token' : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`))
  return new TidemarkError('argument_invalid', 'Cannot serve with these options', {
    why: `${flags.join(' and ')} ${flags.length === 1 ? 'is' : 'are'} about HTTP, and this server speaks on standard input and output.`,
    next: 'Add --http, or leave them out.',
  })
}

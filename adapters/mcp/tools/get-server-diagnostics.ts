/** `get_server_diagnostics`: what a support person would ask for first. */
import * as v from 'valibot'
import { version } from '../../../src/version.ts'
import { answerNotes, optionalText, optionalWhole, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { breaker } from '../sync-parts.ts'
import { spokenError } from '../tool-errors.ts'
import { localRead, tool } from '../tool.ts'

export const getServerDiagnostics = tool({
  name: 'get_server_diagnostics',
  title: 'Server diagnostics',
  description:
    'Version, database, API reachability, whether syncs succeed, and checks with a fix for what is wrong. Use it when answers look '
    + 'empty or another tool failed. Next: get_sync_status for how fresh each product is.',
  hints: { ...localRead, openWorldHint: true },
  input: v.strictObject({}),
  output: v.strictObject({
    version: v.string(),
    protocol: optionalText,
    database: v.strictObject({
      url: optionalText,
      engine: v.string(),
      revision: optionalText,
      at_head: v.boolean(),
      size_bytes: optionalWhole,
      counts: v.nullable(v.strictObject({ products: whole, tests: whole, bugs: whole, features: whole, users: whole })),
    }),
    api: v.strictObject({ reachable: v.nullable(v.boolean()), latency_ms: v.nullable(v.number()), error: optionalText }),
    sync: v.strictObject({
      last_success_at: optionalText,
      success_rate_24h: v.nullable(v.number()),
      last_run: v.nullable(v.strictObject({ id: whole, outcome: optionalText, started_at: v.string(), finished_at: optionalText })),
      breaker: v.nullable(breaker),
    }),
    checks: v.array(v.strictObject({ name: v.string(), ok: v.boolean(), detail: v.string(), fix: optionalText })),
    ...answerNotes,
  }),
  async run(_args, { environment, signal, tidemark }) {
    const { database, ...rest } = snakeCased(await tidemark.diagnostics({ signal }))
    return {
      ...rest,
      protocol: environment.protocol(),
      database: { url: environment.databaseUrl, ...database },
    }
  },
  unopened(error, environment) {
    const { why, next } = spokenError('get_server_diagnostics', error, environment.logger)
    return {
      version,
      protocol: environment.protocol(),
      database: { url: environment.databaseUrl, engine: 'not open', revision: null, at_head: false, size_bytes: null, counts: null },
      api: { reachable: null, latency_ms: null, error: null },
      sync: { last_success_at: null, success_rate_24h: null, last_run: null, breaker: null },
      checks: [{ name: 'database', ok: false, detail: why, fix: next }],
    }
  },
})

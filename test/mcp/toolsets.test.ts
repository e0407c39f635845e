import { describe, expect, it } from 'vitest'
import type { McpServerOptions } from '../../adapters/mcp/lazy-server.ts'
import { tools } from '../../adapters/mcp/tools.ts'
import { parseToolsets, toolsetNames, toolsetOf, type Toolset } from '../../adapters/mcp/toolsets.ts'
import { connect, eras, failingCall } from './connect.ts'
import { fakeTidemark } from './fake-tidemark.ts'

const namesOf = async (options: Parameters<typeof connect>[1]): Promise<readonly string[]> => (await (await connect(fakeTidemark(), options)).listTools()).tools.map(({ name }) => name)

describe('the toolsets', () => {
  it('have every tool but the diagnostics, which are in every server', () => {
    expect(toolsetNames).toStrictEqual(['lists', 'summaries', 'analytics', 'search', 'report', 'sync'])
    expect(tools.map(({ definition }) => definition.name).filter((name) => toolsetOf(name) === undefined)).toStrictEqual(['get_server_diagnostics'])
  })

  it.each(eras)('that were chosen are listed, in the order of all (%s era)', async (era) => {
    expect(await namesOf({ era, toolsets: ['summaries', 'lists'] })).toStrictEqual([
      'list_products', 'list_tests', 'list_bugs', 'list_features', 'list_users',
      'get_product_summary', 'get_test_summary', 'get_feature_summary', 'get_user_summary', 'get_bug_summary', 'get_server_diagnostics',
    ])
  })

  it('that were not chosen are refused by name, with who can change that', async () => {
    const client = await connect(fakeTidemark(), { toolsets: ['lists'] })
    const lines = await failingCall(client, 'query_metrics', { metrics: ['bug_count'] })
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('Cannot call query_metrics')
    expect(lines[1]).toContain('analytics')
    expect(client.getInstructions()).not.toContain('sync_data')
  })

  it('are weaker than read-only mode', async () => {
    expect(await namesOf({ readOnly: true, toolsets: ['sync'] })).toStrictEqual(['get_sync_status', 'get_quarantine', 'get_server_diagnostics'])
    const client = await connect(fakeTidemark(), { readOnly: true, toolsets: ['sync'] })
    expect((await failingCall(client, 'sync_data'))[1]).toContain('read-only')
  })

  it.each<McpServerOptions>([{}, { readOnly: true }, { toolsets: ['sync', 'lists'] }, { toolsets: ['lists'] }, { readOnly: true, toolsets: ['sync'] }])(
    'are what the greeting speaks of, which comes before any tool is loaded (%j)',
    async (options) => {
      const client = await connect(fakeTidemark(), options)
      const names = (await client.listTools()).tools.map(({ name }) => name)
      expect(client.getInstructions()?.includes('Call sync_data')).toBe(names.includes('sync_data'))
    },
  )

  it('that do not exist are refused with the nearest, and none at all, too', () => {
    expect(() => parseToolsets(['lists', 'anlytics'])).toThrow(/"anlytics" is no toolset\.\nDid you mean analytics\? /)
    expect(() => parseToolsets(['constructor'])).toThrow(/lists, summaries, analytics, search, report, sync/)
    expect(() => parseToolsets([])).toThrow(/none/)
    expect(parseToolsets(['sync', 'lists'])).toStrictEqual<readonly Toolset[]>(['sync', 'lists'])
  })
})

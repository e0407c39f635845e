import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { aiClients } from '../../../adapters/cli/clients/ai-clients.ts'
import type { AiClient } from '../../../adapters/cli/clients/ai-client.ts'
import { withServer } from '../../../adapters/cli/clients/client-settings.ts'
import { serverEntry } from '../../../adapters/cli/clients/server-entry.ts'
import { freshFolder } from '../../support/engines.ts'
import { run } from '../capture.ts'

const token = 'tok-very-secret'

/** A home, a project in it with settings of Tidemark, and a way to run setup there. */
async function machine() {
  const home = await freshFolder()
  const cwd = path.join(home, 'project')
  await mkdir(cwd)
  const configFile = path.join(cwd, 'tidemark.config.json')
  await writeFile(configFile, JSON.stringify({ customerId: 1, database: 'sqlite::memory:', testio: { token } }))
  const setUp = (...argv: string[]) => run(['setup', ...argv], { cwd, env: { HOME: home } })
  const fileOf = (key: string): string => {
    const client = aiClients.find((one) => one.key === key)
    if (client === undefined) throw new RangeError(key)
    return client.file({ home, cwd, platform: process.platform, env: {} })
  }
  return { home, cwd, configFile, setUp, fileOf }
}

const parse = (client: AiClient, text: string): unknown => (client.format === 'json' ? JSON.parse(text) : parseToml(text))
const serversIn = (client: AiClient, text: string): Record<string, unknown> => (parse(client, text) as Record<string, Record<string, unknown>>)[client.section] ?? {}

describe.each(aiClients)('the settings of $title', (client) => {
  const { key, shared } = client

  it('are made with a server that is told where the token is, not what it is', async () => {
    const { home, configFile, setUp, fileOf } = await machine()
    expect(await setUp('--client', key)).toMatchObject({ code: 0, stdout: expect.stringContaining(fileOf(key)), stderr: '' })
    const text = await readFile(fileOf(key), 'utf8')
    const args = ['-y', 'tidemark', 'serve', '--config', shared ? 'tidemark.config.json' : configFile]
    expect(serversIn(client, text)['tidemark']).toEqual({ ...client.extra, command: 'npx', args })
    expect(text).not.toContain(token)
    if (shared) expect(text).not.toContain(home)
  })

  it('that are there keep everything else, and a copy of what was', async () => {
    const { setUp, fileOf } = await machine()
    const file = fileOf(key)
    const before = client.format === 'json'
      ? JSON.stringify({ theme: 'dark', [client.section]: { other: { command: 'x', args: ['1'], env: { SECRET: 'theirs' } }, tidemark: { command: 'old' } }, last: [1, { a: null }] }, null, 4)
      : `model = "gpt" # mine\n\n[mcp_servers.other]\ncommand = "x"\nargs = ["1"]\n\n[projects."/home/me/tidemark"]\ntrust_level = "trusted"\n`
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, before, { mode: 0o640 })
    expect((await setUp('--client', key)).code).toBe(0)
    const after = await readFile(file, 'utf8')
    const without = (text: string): unknown => {
      const { [client.section]: servers, ...rest } = parse(client, text) as Record<string, Record<string, unknown>>
      const { tidemark: _own, ...others } = servers ?? {}
      return { ...rest, others }
    }
    expect(without(after)).toStrictEqual(without(before))
    expect(serversIn(client, after)['tidemark']).toMatchObject({ command: 'npx' })
    if (client.format === 'json') expect(after).toMatch(/^\{\n {4}"theme"/)
    else expect(after.startsWith(before.trimEnd())).toBe(true)
    expect(await readFile(`${file}.backup`, 'utf8')).toBe(before)
    expect((await stat(file)).mode & 0o777).toBe(0o640)
  })

  it('are left alone the second time', async () => {
    const { setUp, fileOf } = await machine()
    await setUp('--client', key)
    const first = await readFile(fileOf(key), 'utf8')
    expect((await setUp('--client', key)).stdout).toContain('has the server already')
    expect(await readFile(fileOf(key), 'utf8')).toBe(first)
    expect(await readdir(path.dirname(fileOf(key)))).not.toContainEqual(expect.stringContaining('backup'))
  })

  it.each(client.format === 'json'
    ? ['{', '{"mcpServers": {}, }', '// a comment\n{}', '[]', '"text"', `{"${client.section}": []}`, `{"${client.section}": null, `]
    : ['[mcp_servers]\ntidemark = { command = "x" }\n', 'mcp_servers = {}\n', '[mcp_servers.tidemark.env]\nA = "1"\n', "['mcp_servers'.tidemark]\ncommand = 'x'\n", 'text = """\nopen']
  )('that cannot be changed for certain are not, and the person is told what to add: %j', async (before) => {
    const { setUp, fileOf } = await machine()
    await mkdir(path.dirname(fileOf(key)), { recursive: true })
    await writeFile(fileOf(key), before)
    const { code, stderr } = await setUp('--client', key)
    expect(code).toBe(2)
    expect(stderr).toContain(`Cannot change the settings of ${client.title}`)
    expect(stderr).toContain(client.format === 'json' ? `"${client.section}"` : '[mcp_servers.tidemark]')
    expect(await readFile(fileOf(key), 'utf8')).toBe(before)
    expect(await readdir(path.dirname(fileOf(key)))).not.toContainEqual(expect.stringContaining('backup'))
  })
})

describe('setup', () => {
  it('keeps every copy of earlier settings', async () => {
    const { setUp, fileOf } = await machine()
    await mkdir(path.dirname(fileOf('cursor')), { recursive: true })
    for (const text of ['{"a": 1}', '{"a": 2}']) {
      await writeFile(fileOf('cursor'), text)
      await setUp('--client', 'cursor')
    }
    expect([await readFile(`${fileOf('cursor')}.backup`, 'utf8'), await readFile(`${fileOf('cursor')}.backup-2`, 'utf8')]).toStrictEqual(['{"a": 1}', '{"a": 2}'])
  })

  it('names the clients when one does not exist, and wants settings to point at', async () => {
    const { setUp, cwd } = await machine()
    expect(await setUp('--client', 'cusor')).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean cursor\?[^]*claude-desktop, claude-code/) })
    expect(await run(['setup', '--client', 'cursor'], { cwd: path.dirname(cwd) })).toMatchObject({ code: 2, stderr: expect.stringMatching(/tidemark setup first/) })
  })

  it('says as JSON what it wrote', async () => {
    const { setUp, fileOf, configFile } = await machine()
    expect(JSON.parse((await setUp('--client', 'cursor,codex', '--json')).stdout)).toStrictEqual({
      path: configFile,
      clients: ['cursor', 'codex'].map((key) => ({ client: key, path: fileOf(key), backup: null, changed: true, next_step: expect.any(String) })),
    })
  })
})

describe('TOML settings', () => {
  const codex = aiClients.find(({ format }) => format === 'toml')
  const word = fc.stringMatching(/^[a-z][a-z_]{0,8}$/)
  const value = fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll(/['"\\]/g, '')))
  const tables = fc.dictionary(word, fc.dictionary(word, value, { maxKeys: 4 }), { maxKeys: 4 })

  it('stay what they were, whatever they hold, and take a change of the command', () => {
    if (codex === undefined) throw new RangeError('no client with TOML')
    fc.assert(
      fc.property(tables, fc.string(), (others, argument) => {
        const before = Object.entries(others).map(([name, keys]) => `[x.${name}]\n${Object.entries(keys).map(([key, inner]) => `${key} = ${JSON.stringify(inner)}\n`).join('')}`).join('\n')
        const first = withServer(codex, serverEntry([argument]), before)
        const second = withServer(codex, serverEntry(['other']), first)
        for (const [text, last] of [[first, argument], [second, 'other']] as const) {
          const { mcp_servers: servers, ...rest } = parseToml(text)
          expect(rest).toEqual(parseToml(before))
          expect(servers).toEqual({ tidemark: { command: 'npx', args: ['-y', 'tidemark', 'serve', last] } })
        }
      }),
    )
  })
})

describe('the entry of a server', () => {
  it('starts the checkout that runs, and on Windows goes through the command processor', () => {
    expect(serverEntry(['--config', 'a b'], { script: '/x/dist/cli.js', platform: 'win32' })).toStrictEqual({ command: 'node', args: ['/x/dist/cli.js', 'serve', '--config', 'a b'] })
    expect(serverEntry([], { platform: 'win32' })).toStrictEqual({ command: 'cmd', args: ['/c', 'npx', '-y', 'tidemark', 'serve'] })
  })
})

import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { main } from '../../adapters/cli/main.ts'
import type { Questions } from '../../adapters/cli/questions.ts'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, token } from './account.ts'
import { run, world, type WorldOptions } from './capture.ts'

/** A person who gives these answers, in this order; undefined takes what is offered. */
function person(...answers: readonly (string | undefined)[]): Questions {
  const left = [...answers]
  const next = (offered = '', validate?: (answer: string) => string | undefined): string => {
    const answer = left.shift() ?? offered
    const refused = validate?.(answer)
    if (refused !== undefined) throw new RangeError(refused)
    return answer
  }
  return {
    text: async (_message, options) => next(options?.initial, options?.validate),
    secret: async (_message, options) => next('', options?.validate),
    confirm: async () => next() === 'yes',
    choose: async (_message, options) => {
      const answer = next()
      const option = options.find(({ value }) => value === answer)
      if (option === undefined) throw new RangeError(`No choice "${answer}"`)
      return option.value
    },
  }
}

async function setUp(questions: Questions, options: WorldOptions, argv: readonly string[] = []) {
  const io = { ...world(options), questions }
  const code = await main(['setup', ...argv], io)
  return { code, stdout: io.stdout.text, stderr: io.stderr.text }
}

describe('setup', () => {
  it('writes what works to a file for its owner alone, which the other commands read', async () => {
    await using account = await serveAccount()
    const cwd = await freshFolder()
    const { TESTIO_API_BASE_URL: baseUrl = '' } = account.env
    const { code, stdout, stderr } = await setUp(person(token, '7', 'sqlite:./copy.db'), { cwd, env: { TESTIO_API_BASE_URL: baseUrl } })
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain(token)
    const file = path.join(cwd, 'tidemark.config.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ database: 'sqlite:./copy.db', customerId: 7, testio: { token, baseUrl } })
    expect(JSON.parse((await run(['sync', '--json'], { cwd })).stdout)).toMatchObject({ outcome: 'success' })
  })

  it('offers to add the server to AI clients, goes on past settings that it cannot change, and says what it wrote', async () => {
    await using account = await serveAccount()
    const home = await freshFolder()
    const cwd = await freshFolder()
    await writeFile(path.join(cwd, '.mcp.json'), '// mine')
    const env = { TESTIO_API_BASE_URL: account.env['TESTIO_API_BASE_URL'] ?? '', HOME: home }
    const { code, stdout, stderr } = await setUp(person(token, '7', 'sqlite::memory:', 'yes', 'claude-code', 'yes', 'cursor', 'no'), { cwd, env })
    expect(code).toBe(0)
    expect(stderr).toMatch(/Cannot change the settings of Claude Code[^]*not plain JSON/)
    expect(stdout).toContain(`Wrote ${path.join(home, '.cursor/mcp.json')}. Switch the server on`)
    const settings = await readFile(path.join(home, '.cursor/mcp.json'), 'utf8')
    expect(JSON.parse(settings)).toMatchObject({ mcpServers: { tidemark: { args: expect.arrayContaining([path.join(cwd, 'tidemark.config.json')]) } } })
    expect(settings).not.toContain(token)
    expect(await readFile(path.join(cwd, '.mcp.json'), 'utf8')).toBe('// mine')
  })

  it('keeps the other settings and, when nothing is typed, the token', async () => {
    await using account = await serveAccount()
    const cwd = await freshFolder()
    const file = path.join(cwd, 'tidemark.config.json')
    const before = { customerId: 3, productIds: [1], database: 'sqlite::memory:', testio: { token, baseUrl: account.env['TESTIO_API_BASE_URL'] } }
    await writeFile(file, JSON.stringify(before), { mode: 0o644 })
    expect((await setUp(person('', '4', undefined), { cwd })).code).toBe(0)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...before, customerId: 4 })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('says what did not work, and asks again or stops without saving', async () => {
    await using account = await serveAccount()
    const cwd = await freshFolder()
    const env = { TESTIO_API_BASE_URL: account.env['TESTIO_API_BASE_URL'] ?? '' }
    const stopped = await setUp(person('wrong-secret', '1', 'sqlite:./nowhere/copy.db', 'stop'), { cwd, env })
    expect(stopped.code).toBe(1)
    expect(stopped.stderr).toMatch(/did not accept the token[^]*does not exist[^]*Nothing was saved/)
    expect(stopped.stderr).not.toContain('wrong-secret')
    await expect(stat(path.join(cwd, 'tidemark.config.json'))).rejects.toThrow()
    expect((await setUp(person('wrong-secret', '1', 'sqlite::memory:', 'again', token, '1', 'sqlite::memory:'), { cwd, env })).code).toBe(0)
  })

  it('refuses answers that no command could use', async () => {
    const cwd = await freshFolder()
    for (const answers of [['two words'], [''], ['token', '0'], ['token', 'abc'], ['token', '1', 'mysql://x']]) {
      expect((await setUp(person(...answers), { cwd })).code).toBe(1)
    }
    await expect(stat(path.join(cwd, 'tidemark.config.json'))).rejects.toThrow()
  })

  it('is no use without a terminal, beside a stronger file, or over a broken one', async () => {
    const cwd = await freshFolder()
    const alone = await run(['setup'], { cwd })
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringMatching(/TESTIO_API_TOKEN/)])
    await writeFile(path.join(cwd, 'tidemark.config.json'), '{')
    expect(await setUp(person(token), { cwd })).toMatchObject({ code: 2, stderr: expect.stringMatching(/not valid JSON/) })
    await writeFile(path.join(cwd, 'tidemark.config.ts'), 'export default {}')
    expect(await setUp(person(token), { cwd })).toMatchObject({ code: 2, stderr: expect.stringMatching(/tidemark\.config\.ts here, which is stronger/) })
  })
})

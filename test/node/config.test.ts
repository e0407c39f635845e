import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTidemarkError } from '../../src/errors.ts'
import { readConfiguration, secretsOf, type ConfigurationWith, type Need } from '../../adapters/node/config.ts'
import type { ConfigurationSources } from '../../adapters/node/config-places.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'tidemark-config-'))
})
afterEach(() => rm(cwd, { recursive: true }))

function read<const N extends Need = never>(sources: Partial<ConfigurationSources> = {}, needs: readonly N[] = []): Promise<ConfigurationWith<N>> {
  return readConfiguration({ flags: {}, env: {}, cwd, ...sources }, needs)
}

function write(name: string, content: unknown): Promise<void> {
  return writeFile(path.join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content))
}

async function mistakesOf(reading: Promise<unknown>): Promise<readonly string[]> {
  const error = await reading.then(
    () => { throw new TypeError('the configuration was accepted') },
    (reason: unknown) => reason,
  )
  if (!isTidemarkError(error, 'configuration_invalid')) throw error
  return error.details['mistakes'] as readonly string[]
}

describe('where a setting comes from', () => {
  it('a flag is stronger than the environment, the environment stronger than the file', async () => {
    await write('tidemark.config.json', { customerId: 3, logLevel: 'error', refreshSeconds: 30 })
    const env = { TIDEMARK_CUSTOMER_ID: '2', TIDEMARK_LOG_LEVEL: 'info' }
    expect(await read({ flags: { customer: '1' }, env })).toMatchObject({ customerId: 1, logLevel: 'info', refreshSeconds: 30 })
    expect(await read({ env })).toMatchObject({ customerId: 2 })
    expect(await read()).toMatchObject({ customerId: 3, logLevel: 'error' })
  })

  it('an empty variable counts as not given', async () => {
    await write('tidemark.config.json', { customerId: 3 })
    expect(await read({ env: { TIDEMARK_CUSTOMER_ID: ' ' } })).toMatchObject({ customerId: 3 })
  })

  it('takes the file that is named instead of the one in the folder', async () => {
    await write('tidemark.config.json', { customerId: 3 })
    await write('other.json', { customerId: 4 })
    expect(await read({ flags: { config: 'other.json' } })).toMatchObject({ customerId: 4 })
  })

  it.each([
    ['tidemark.config.ts', 'const id: number = 7\nexport default { customerId: id satisfies number }'],
    ['tidemark.config.js', 'export default { customerId: 7 }'],
    ['tidemark.config.json', '{ "customerId": 7 }'],
  ])('reads %s', async (name, content) => {
    await write(name, content)
    expect(await read()).toMatchObject({ customerId: 7 })
  })

  it('without a database, names a SQLite file in the data directory of the user', async () => {
    const { database } = await read()
    expect(database).toEqual({ engine: 'sqlite', file: expect.stringMatching(/tidemark[\\/](Data[\\/])?tidemark\.db$/) })
  })

  it('starts relative paths of a file from the folder of that file, others from the current folder', async () => {
    await write('tidemark.config.json', { database: 'sqlite:./a.db' })
    const elsewhere = path.join(cwd, '..')
    const asked = { flags: { config: path.join(cwd, 'tidemark.config.json') }, env: {}, cwd: elsewhere }
    expect((await readConfiguration(asked)).database).toEqual({ engine: 'sqlite', file: path.join(cwd, 'a.db') })
    expect((await read({ env: { TIDEMARK_DATABASE_URL: 'sqlite:b.db' } })).database).toEqual({ engine: 'sqlite', file: path.join(cwd, 'b.db') })
  })
})

describe('what a setting may be', () => {
  it.each([
    ['598', [598]],
    [' 598 ', [598]],
    ['1,2, 3', [1, 2, 3]],
    ['[1, 2]', [1, 2]],
    ['["1","2"]', [1, 2]],
    ['[598]', [598]],
  ])('reads the product ids %j as %j', async (text, expected) => {
    expect((await read({ env: { TIDEMARK_PRODUCT_IDS: text } })).productIds).toEqual(expected)
  })

  it.each(['x', '1,x', '[1', '0', '-4', '1.5', '[]', ',', '{"a":1}'])('refuses the product ids %j', async (text) => {
    expect(await mistakesOf(read({ env: { TIDEMARK_PRODUCT_IDS: text } }))).toEqual([expect.stringContaining('TIDEMARK_PRODUCT_IDS: must be product ids')])
  })

  it.each([['true', true], ['1', true], ['YES', true], ['false', false], ['0', false], ['no', false]])('reads %j as %j', async (text, expected) => {
    expect((await read({ env: { TIDEMARK_SKIP_MIGRATIONS: text } })).skipMigrations).toBe(expected)
  })

  it('reads thresholds of rates from a file in parts, and from the environment as the flag of a report has them', async () => {
    await write('tidemark.config.json', { thresholds: { rejectionRate: { warning: 0.1 } } })
    expect((await read()).thresholds).toEqual({ rejectionRate: { warning: 0.1 } })
    expect((await read({ env: { TIDEMARK_THRESHOLDS: 'rejection_rate=0.1,0.2; review = 80%, 60%' } })).thresholds)
      .toEqual({ rejectionRate: { warning: 0.1, critical: 0.2 }, reviewRate: { warning: 0.8, critical: 0.6 } })
  })

  it.each([
    ['a rate that there is not', { rejection: { warning: 0.1 } }, 'must be rates'], ['a percentage', { rejectionRate: { warning: 20 } }, 'must be rates'], ['a number', 0.2, 'must be rates'],
    ['a warning behind the critical threshold', { rejectionRate: { warning: 0.5 } }, 'a rate must reach its warning'],
    ['other text', 'rejection_rate=0.1', 'must be rates'], ['text with something behind', 'review=0.8,0.6,0.5', 'must be rates'], ['no text', ' ;', 'must be rates'],
  ])('refuses %s for thresholds', async (_, thresholds, mistake) => {
    await write('tidemark.config.json', { thresholds })
    expect(await mistakesOf(read())).toEqual([expect.stringContaining(`thresholds in tidemark.config.json: ${mistake}`)])
  })

  it('lists every mistake of every source at once, with the place where it was made', async () => {
    await write('tidemark.config.json', { refreshSeconds: 'soon', testio: { token: 5, tokn: 'x' }, productsIds: [1] })
    const env = { TIDEMARK_SKIP_MIGRATIONS: 'perhaps', TESTIO_API_BASE_URL: 'ftp://example.org', TIDEMARK_DATABASE_URL: 'mysql://root:hunter2@db/x' }
    const mistakes = await mistakesOf(read({ flags: { customer: 'abc', logLevel: 'loud' }, env }, ['token']))
    expect(mistakes).toHaveLength(9)
    for (const expected of [
      'tidemark.config.json: "testio.tokn" is no setting', 'tidemark.config.json: "productsIds" is no setting', 'refreshSeconds in tidemark.config.json: must be',
      'testio.token in tidemark.config.json: must be', 'TIDEMARK_SKIP_MIGRATIONS: must be', 'TESTIO_API_BASE_URL: must be a http', '--customer: must be', '--log-level: must be one of',
      'TIDEMARK_DATABASE_URL: Its scheme is none of the known ones.',
    ]) expect(mistakes.join('\n')).toContain(expected)
  })

  it('names the known database URLs when the scheme is unknown, and keeps its password to itself', async () => {
    const [mistake] = await mistakesOf(read({ env: { TIDEMARK_DATABASE_URL: 'mysql://root:hunter2@db/x' } }))
    for (const scheme of ['sqlite:', 'pglite:', 'postgres:']) expect(mistake).toContain(scheme)
    expect(mistake).not.toMatch(/hunter2|root/)
  })

  it('names what is missing with its flag and its variable, all at once', async () => {
    const mistakes = await mistakesOf(read({}, ['customerId', 'token']))
    expect(mistakes).toEqual([expect.stringMatching(/--customer N or TIDEMARK_CUSTOMER_ID/), expect.stringMatching(/TESTIO_API_TOKEN/)])
  })

  it('leads to the command that asks, where something is missing and only there', async () => {
    await expect(read({}, ['customerId'])).rejects.toMatchObject({ next: expect.stringContaining('tidemark setup') })
    await expect(read({ env: { TIDEMARK_CUSTOMER_ID: 'x' } }, ['customerId'])).rejects.toMatchObject({ next: expect.not.stringContaining('tidemark setup') })
  })

  it('does not put the value of a setting into a message', async () => {
    const env = { TESTIO_API_TOKEN: 'two words-secret', TIDEMARK_HTTP_TOKEN: 'line\nbreak-secret' }
    expect((await mistakesOf(read({ env }))).join()).not.toContain('secret')
  })

  it('says that a configuration file is broken without quoting it', async () => {
    await write('tidemark.config.json', '{ "testio": { "token": "s3cret" }, }')
    expect(await mistakesOf(read())).toEqual(['tidemark.config.json: is not valid JSON'])
  })

  it('refuses a named configuration file that does not exist, and one that gives no object', async () => {
    expect(await mistakesOf(read({ flags: { config: 'nowhere.json' } }))).toEqual([expect.stringContaining('--config')])
    await write('tidemark.config.json', '"sqlite:x"')
    expect(await mistakesOf(read())).toEqual(['tidemark.config.json: must give an object'])
    await write('tidemark.config.json', '[]')
    expect(await mistakesOf(read())).toEqual(['tidemark.config.json: must give an object'])
  })

  it('reads a file with the mark that editors of Windows put in front', async () => {
    await write('tidemark.config.json', '\uFEFF{ "customerId": 7 }')
    expect(await read()).toMatchObject({ customerId: 7 })
  })
})

it('knows every secret of a configuration', async () => {
  const env = { TESTIO_API_TOKEN: 'aaa', TIDEMARK_HTTP_TOKEN: 'bbb', TIDEMARK_DATABASE_URL: 'postgres://me:p%40ss@db/x' }
  expect(secretsOf(await read({ env }))).toEqual(expect.arrayContaining(['aaa', 'bbb', 'p%40ss', 'p@ss']))
})

import { describe, expect, it } from 'vitest'
import { migrateCommands } from '../../adapters/cli/commands/migrate.ts'
import { quarantineCommands } from '../../adapters/cli/commands/quarantine.ts'
import { commands } from '../../adapters/cli/program.ts'
import { version } from '../../src/version.ts'
import { run } from './capture.ts'

const every = [
  ...commands.map(({ name }) => name), ...migrateCommands.map(({ name }) => `migrate ${name}`), ...quarantineCommands.map(({ name }) => `quarantine ${name}`),
]

describe('help', () => {
  it.each(every)('of %s says how it is used, what its flags mean and gives examples', async (name) => {
    const { code, stdout, stderr } = await run([...name.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toMatch(new RegExp(`^Usage: tidemark ${name} `))
    expect(stdout).toMatch(/\nExamples:\n {2}\$ /)
    expect(stdout).toMatch(/--database <url> [\s\S]*--customer <n> [\s\S]*--json /)
    expect(Math.max(...stdout.split('\n').filter((line) => !line.startsWith('  $ ')).map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('names every command', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'))
  })

  it('of "help sync" is that of "sync --help"', async () => {
    expect(await run(['help', 'sync'])).toEqual(await run(['sync', '--help']))
    expect(await run(['help'])).toEqual(await run(['--help']))
  })

  it('offers the modes of a sync that exist', async () => {
    const { stdout } = await run(['sync', '--help'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('choices: "hybrid", "incremental", "force", "rebuild")')
  })
})

it('--version prints the version and nothing else', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  expect((await run(['-V'])).stdout).toBe(`${version}\n`)
})

describe('wrong use ends with exit code 2, three parts on standard error and nothing on standard output', () => {
  it.each([
    [['tset'], /Unknown command 'tset'/, /Did you mean tests\?/],
    [['tests', '--statsu', 'x'], /Unknown option '--statsu'/, /Did you mean --status\?|See tidemark tests --help/],
    [['tests', 'abc'], /'abc' is invalid.*An id is a whole number above 0/, /See tidemark tests --help/],
    [['tests', '0'], /An id is a whole number above 0/, /tests --help/],
    [['tests', '1', '2'], /Too many arguments|Expected 1 argument/, /tests --help/],
    [['tests', '--limit', 'x'], /'x' is invalid/, /tests --help/],
    [['tests', '--limit'], /argument missing/, /tests --help/],
    [['tests', '--sort-by', 'age'], /Allowed choices are end_at/, /tests --help/],
    [['sync', '--mode', 'full'], /Allowed choices are hybrid, incremental, force, rebuild/, /sync --help/],
    [['quarantine', 'retyr'], /Unknown command 'retyr'/, /Did you mean retry\?/],
    [['migrate', 'downgrade'], /Missing required argument 'target'/, /tidemark migrate downgrade --help/],
    [['migrate', 'upgrad'], /Unknown command 'upgrad'/, /Did you mean upgrade\?/],
    [['products', '--log-level', 'loud'], /Allowed choices are debug/, /--help/],
  ])('%j', async (argv, why, next) => {
    const { code, stdout, stderr } = await run(argv)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+\nNext: {2}.+\n$/)
    expect(stderr).toMatch(why)
    expect(stderr).toMatch(next)
  })

  it('without a command, the help is on standard error', async () => {
    const { code, stdout, stderr } = await run([])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Usage: tidemark /)
  })
})

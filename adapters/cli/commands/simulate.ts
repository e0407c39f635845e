/** `tidemark simulate`: serves a simulated TestIO account over HTTP until somebody stops it. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Option, type Command } from 'commander'
import * as v from 'valibot'
import { counted } from '../../../src/answers/figures.ts'
import { TidemarkError } from '../../../src/errors.ts'
import { FaultsSchema, type Faults } from '../../../src/simulator/faults.ts'
import { SCALES, type Scale } from '../../../src/simulator/scale.ts'
import { BASE_PATH, createSimulator } from '../../../src/simulator/simulator.ts'
import { aborted } from '../../node/aborted.ts'
import { serveHttp } from '../../node/http-server.ts'
import { countValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { facts, renderPage, section } from '../render/page.ts'
import { closing } from '../session.ts'

interface SimulateFlags {
  readonly port: number
  readonly host: string
  readonly seed: number
  readonly scale: Scale
  readonly faults?: string | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Serves a simulated TestIO account over HTTP until it is stopped: the same seed gives the same account.')
    .addOption(new Option('--port <n>', 'port to listen on; 0 takes any free one').argParser(countValue).default(0))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(new Option('--seed <n>', 'which account; that of demo is 20').argParser(countValue).default(1))
    .addOption(new Option('--scale <scale>', 'how big it is').choices(Object.keys(SCALES)).default('demo'))
    .option('--faults <json>', 'what goes wrong on purpose: JSON, or a file with it')
    .addHelpText('after', examples(['tidemark simulate --port 8790', 'tidemark simulate --port 8790 --scale seed --seed 7', `tidemark simulate --faults '{"rules":[{"fault":"rate_limited","rate":0.1}]}'`]))
    .action(async () => {
      const { port, host, seed, scale, faults } = command.opts<SimulateFlags>()
      const simulator = createSimulator({ seed, scale, faults: faults === undefined ? undefined : await readFaults(faults, invocation.io.cwd) })
      await closing(await serveHttp((request) => simulator.fetch(request), { port, host }), async ({ url }) => {
        announce(invocation, { baseUrl: `${url}${BASE_PATH}`, token: simulator.token, seed, scale, ...SCALES[scale] })
        await (invocation.io.signal === undefined ? new Promise(() => undefined) : aborted(invocation.io.signal))
      })
    })
}

interface Announcement {
  readonly baseUrl: string
  readonly token: string
  readonly seed: number
  readonly scale: Scale
  readonly products: number
  readonly tests: number
  readonly bugs: number
}

function announce(invocation: Invocation, { baseUrl, token, seed, scale, products, tests, bugs }: Announcement): void {
  if (invocation.flags.json === true) return invocation.printJson({ baseUrl, token, seed, scale, products, tests, bugs })
  const { out } = invocation
  invocation.print(
    renderPage([
      `Serving a simulated TestIO account: ${counted(products, 'product')}, ${counted(tests, 'test')}, ${counted(bugs, 'bug')}. Stop it with Ctrl+C.\n`,
      facts(out, [
        ['Base URL', baseUrl],
        ['Token', token],
      ]),
      section(out, 'Use it from another terminal', [
        `  export TESTIO_API_BASE_URL=${baseUrl}\n  export TESTIO_API_TOKEN=${token}\n`,
        '  npx tidemark sync --database sqlite:./simulated.db --customer 1\n',
      ].join('')),
    ]),
  )
}

async function readFaults(text: string, cwd: string): Promise<Faults> {
  const wrong = (why: string) => new TidemarkError('argument_invalid', 'Cannot use the faults', { why, next: 'Give --faults as JSON or as a file with it, for example {"latencyMs": 50}.' })
  const source = text.trimStart().startsWith('{') ? text : await readFile(path.resolve(cwd, text), 'utf8').catch(() => Promise.reject(wrong('It is no JSON object, and there is no file of this name.')))
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw wrong('It is not valid JSON.')
  }
  const faults = v.safeParse(FaultsSchema, value)
  if (faults.success) return faults.output
  throw wrong(faults.issues.map((issue) => `"${v.getDotPath(issue) ?? ''}" ${issue.expected === 'never' ? 'is not known' : `must be ${issue.expected ?? 'another value'}`}.`).join(' '))
}

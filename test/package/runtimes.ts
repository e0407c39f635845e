/** Where the package is to run, and how a script is run there. Node 20, 22, 24 and Bun come from `.ci/runtimes`, Deno with the development packages. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleForBrowser, chromiumPath, launchChromium, servePage } from '../support/chromium.ts'
import { type Consumer, root } from './consumer.ts'

export interface Runtime {
  readonly name: string
  /** Why it cannot be used here. */
  readonly missing: string | undefined
  /** Path of its program, where it has one. */
  readonly program?: string
  /** Runs one module of the consumer, and gives what it prints. */
  readonly run?: (consumer: Consumer, script: string) => Promise<string>
  /** Does the round trip in the consumer, which has `round-trip.mjs`; gives what it saw. */
  readonly roundTrip: (consumer: Consumer) => Promise<unknown>
}

const fetched = (path: string): string => join(root, '.ci/runtimes/node_modules', path)

export const runtimes: readonly Runtime[] = [
  ...[20, 22, 24].map((major) => inProcess(`Node ${major}`, [nodeOf(major)])),
  inProcess('Deno', [join(root, 'node_modules/.bin/deno'), 'run', '--allow-all', '--no-lock']),
  inProcess('Bun', [fetched('@oven/bun-linux-x64-baseline/bin/bun'), 'run']),
  { name: 'Chromium', missing: chromiumPath === undefined ? 'Chromium is not installed' : undefined, roundTrip: inPage },
]

/** The one that runs the tests will do for its own line. */
function nodeOf(major: number): string {
  const own = Number(process.versions.node.split('.')[0]) === major
  return own ? process.execPath : fetched(`node-${major}/bin/node`)
}

function inProcess(name: string, [program, ...flags]: readonly [program: string, ...flags: string[]]): Runtime {
  const run = async (consumer: Consumer, script: string): Promise<string> =>
    (await promisify(execFile)(program, [...flags, script], { cwd: consumer.folder, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } })).stdout
  return {
    name,
    program,
    missing: existsSync(program) ? undefined : 'it is fetched by "npm run runtimes"',
    run,
    async roundTrip(consumer) {
      const slug = name.replace(/\W/g, '')
      consumer.write(`${slug}.mjs`, `
        import { sqljs } from 'tidemark/sqljs'
        import { roundTrip } from './round-trip.mjs'
        console.log(JSON.stringify(await roundTrip(() => sqljs({ file: './${slug}.db' }))))`)
      return JSON.parse(await run(consumer, `${slug}.mjs`))
    },
  }
}

async function inPage(consumer: Consumer): Promise<unknown> {
  const script = await bundleForBrowser(consumer.write('page.mjs', `
    import { browserSqlite } from 'tidemark/browser'
    import { roundTrip } from './round-trip.mjs'
    globalThis.seen = roundTrip(() => browserSqlite({ name: 'round-trip' }))`))
  const { url } = await servePage(script)
  const page = await (await launchChromium()).newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'seen' in globalThis)
  return page.evaluate(() => Reflect.get(globalThis, 'seen') as Promise<unknown>)
}

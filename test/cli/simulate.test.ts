import path from 'node:path'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { freshFolder } from '../support/engines.ts'
import { requestUnderWay } from '../support/request-under-way.ts'
import { run, type Run } from './capture.ts'

/** Runs `simulate`, does something with what it announces, stops it. */
async function whileSimulating(argv: readonly string[], work: (announced: { readonly base_url: string; readonly token: string }) => Promise<void>): Promise<Run> {
  const stop = new AbortController()
  return new Promise((resolve, reject) => {
    const announced = (text: string) => void work(JSON.parse(text)).catch(reject).finally(() => stop.abort())
    run(['simulate', '--json', ...argv], { signal: stop.signal, onOutput: announced }).then(resolve, reject)
  })
}

describe('simulate', () => {
  it('serves the account of its seed on a free port of this machine until it is stopped', async () => {
    const { code } = await whileSimulating(['--seed', '5'], async ({ base_url: baseUrl, token }) => {
      expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/customer\/v2\/$/)
      const response = await fetch(`${baseUrl}products`, { headers: { authorization: `Token ${token}` } })
      const { products } = await response.json() as { readonly products: readonly { readonly id: number }[] }
      expect(products.map(({ id }) => id)).toEqual(createSimulator({ seed: 5 }).truth.products.map(({ id }) => id))
      expect((await fetch(`${baseUrl}products`)).status).toBe(401)
    })
    expect(code).toBe(0)
  })

  it('lets go wrong what it is told to', async () => {
    const file = path.join(await freshFolder(), 'faults.json')
    await writeFile(file, '{"rules":[{"fault":"rate_limited"}]}')
    for (const faults of ['{"rules":[{"fault":"rate_limited"}]}', file]) {
      await whileSimulating(['--faults', faults], async ({ base_url: baseUrl, token }) => {
        expect((await fetch(`${baseUrl}products`, { headers: { authorization: `Token ${token}` } })).status).toBe(429)
      })
    }
  })

  it('stops although a request is never answered', async () => {
    const { code } = await whileSimulating(['--faults', '{"rules":[{"fault":"timeout"}]}'], async ({ base_url: baseUrl, token }) => {
      await requestUnderWay(`${baseUrl}products`, { authorization: `Token ${token}` })
    })
    expect(code).toBe(0)
  })

  it('says how it can be used', async () => {
    const stop = new AbortController()
    const { stdout } = await run(['simulate'], { signal: stop.signal, onOutput: () => stop.abort() })
    expect(stdout).toMatch(/3 products, 60 tests, 400 bugs[^]*TESTIO_API_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/customer\/v2\/[^]*TESTIO_API_TOKEN=simulated-token/)
  })

  it.each([
    ['{"outages": true}', /"outages" is not known/],
    ['{"outage": 1}', /"outage" must be boolean/],
    ['{', /not valid JSON/],
    ['nowhere.json', /no file of this name/],
  ])('refuses the faults %s', async (faults, why) => {
    const { code, stderr } = await run(['simulate', '--faults', faults])
    expect(code).toBe(2)
    expect(stderr).toMatch(why)
  })

  it('refuses a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const { code, stderr } = await run(['simulate', '--port', String(typeof address === 'object' ? address?.port : 0)])
    other.close()
    expect(code).toBe(2)
    expect(stderr).toMatch(/Another program uses it/)
  })
})

/** Whether the API answers with this token, how fast, and whether its clock and the one of this machine agree. Makes one request. */
import { check, type Finding } from '../../../src/doctor/finding.ts'
import { createTestioClient } from '../../../src/testio/client.ts'
import type { ReadSettings } from '../../node/config.ts'

const api = check('api', 'api')
const clock = check('api', 'clock')

/** Stamps of both sides are compared; what is less than this does not change what is read. */
const mostSkewMs = 60_000

export interface ApiQuestion {
  readonly offline: boolean
  readonly signal?: AbortSignal | undefined
  readonly now: () => number
}

export async function checkApi({ values: { token, baseUrl }, given }: ReadSettings, { offline, signal, now }: ApiQuestion): Promise<readonly Finding[]> {
  if (offline) return [api.skipped('Not asked', 'The command was told to stay offline.')]
  if (token === undefined) {
    return [given.has('token') ? api.skipped('Not asked', 'The token cannot be used.') : api.skipped('Not asked', 'No token is set: only the local copy can be read.', 'Run "tidemark setup", or set TESTIO_API_TOKEN, to sync.')]
  }
  // The token must not go to another place than the one that was meant.
  if (given.has('baseUrl') && baseUrl === undefined) return [api.skipped('Not asked', 'The base URL cannot be used.')]
  let seen: { readonly theirs: string; readonly ours: number } | undefined
  const watched: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const theirs = response.headers.get('date')
    if (theirs !== null) seen = { theirs, ours: now() }
    return response
  }
  try {
    const { latencyMs } = await createTestioClient({ token, baseUrl, fetch: watched }).probe({ signal })
    return [api.ok(`Answers with this token, in ${Math.round(latencyMs)} ms`), ...checkClock(seen)]
  } catch (error) {
    return [api.broken('The API does not answer as it should', error), ...checkClock(seen)]
  }
}

function checkClock(seen: { readonly theirs: string; readonly ours: number } | undefined): readonly Finding[] {
  const theirs = Date.parse(seen?.theirs ?? '')
  if (seen === undefined || Number.isNaN(theirs)) return []
  const skewMs = seen.ours - theirs
  if (Math.abs(skewMs) <= mostSkewMs) return [clock.ok('The clock of this machine agrees with that of the API')]
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  return [clock.warning(
    `The clock of this machine is ${minutes} min ${skewMs > 0 ? 'ahead of' : 'behind'} that of the API`, 'Ages and phrases like "30 days ago" are reckoned by it.', 'Set the clock, best by a time service.',
  )]
}

/**
 * The token of the HTTP server when nobody gave one: made once, kept in a file that only its owner can read, and used again, so
 * that clients keep their configuration when the server starts anew.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { TidemarkError, systemCode } from '../../src/errors.ts'
import { letsIn } from './file-mode.ts'

/** 256 bits, as text that can stand in a header. */
const form = /^[\w-]{43}$/
const ownerOnly = 0o600

/**
 * The token in the file; a new one where there is none that is safe to use, because it is missing, broken, or others could
 * have read it.
 *
 * @throws TidemarkError `configuration_invalid` when the file can be neither read nor written
 */
export async function keptToken(file: string): Promise<string> {
  try {
    const known = await read(file)
    if (known !== undefined) return known
    await rm(file, { force: true })
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    return await make(file)
  } catch (cause) {
    throw new TidemarkError('configuration_invalid', 'Cannot keep a token for the HTTP server', {
      why: 'The file for it in the data directory of this user can be neither read nor written.',
      next: 'Give a token of your own with TIDEMARK_HTTP_TOKEN.',
      cause,
    })
  }
}

async function read(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => (systemCode(error) === 'ENOENT' ? undefined : Promise.reject(error)))
  if (handle === undefined) return undefined
  try {
    const { mode } = await handle.stat()
    const token = (await handle.readFile('utf8')).trim()
    return !letsIn('anybody', mode) && form.test(token) ? token : undefined
  } finally {
    await handle.close()
  }
}

/** Whole or not at all; of two servers that start at once, both use what the faster one wrote. */
async function make(file: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${token}\n`, { mode: ownerOnly, flag: 'wx' })
  try {
    await link(draft, file)
    return token
  } catch (error) {
    const known = await read(file)
    if (known === undefined) throw error
    return known
  } finally {
    await rm(draft, { force: true })
  }
}

import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { keptToken } from '../../adapters/node/http-token.ts'
import { freshFolder } from '../support/engines.ts'

describe('a kept token', () => {
  it('is made once, for its owner alone, and leaves nothing else behind', async () => {
    const folder = path.join(await freshFolder(), 'made')
    const file = path.join(folder, 'http-token')
    const token = await keptToken(file)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect([(await stat(file)).mode & 0o777, await readFile(file, 'utf8'), await readdir(folder)]).toEqual([0o600, `${token}\n`, ['http-token']])
    expect(await keptToken(file)).toBe(token)
  })

  it('is one, when several servers start at once', async () => {
    const file = path.join(await freshFolder(), 'http-token')
    expect(new Set(await Promise.all([1, 2, 3, 4].map(() => keptToken(file)))).size).toBe(1)
  })

  it('is replaced when others could have read it, or it is none', async () => {
    const file = path.join(await freshFolder(), 'http-token')
    const first = await keptToken(file)
    await chmod(file, 0o644)
    const second = await keptToken(file)
    expect(second).not.toBe(first)
    await writeFile(file, 'short\n')
    expect(await keptToken(file)).toMatch(/^[\w-]{43}$/)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('that cannot be kept is refused, with the other way to give one', async () => {
    const notAFolder = path.join(await freshFolder(), 'file')
    await writeFile(notAFolder, '')
    await expect(keptToken(path.join(notAFolder, 'http-token'))).rejects.toMatchObject({ code: 'configuration_invalid', next: expect.stringContaining('TIDEMARK_HTTP_TOKEN') })
  })
})

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeWholeFile, type FilePlace } from '../../adapters/node/whole-file.ts'
import { freshFolder } from '../support/engines.ts'

const put = (place: FilePlace, ...pieces: readonly string[]) => writeWholeFile(place, async (sink) => {
  await sink.begin()
  for (const piece of pieces) await sink.write(piece)
  return pieces.length
})

/** A folder for reports beside a file that nobody may touch. */
async function makeFolders(): Promise<{ readonly outside: string; readonly folder: string }> {
  const outside = await freshFolder()
  const folder = path.join(outside, 'reports')
  await mkdir(folder)
  await writeFile(path.join(outside, 'precious.json'), 'precious')
  return { outside, folder }
}

describe('a whole file', () => {
  it('holds what was written, and tells its place, size and digest', async () => {
    const { folder } = await makeFolders()
    const text = 'Grüße 😀\n'
    const file = await put({ name: 'report.csv', folder, confined: true }, text, text)
    expect(file).toEqual({ path: path.join(folder, 'report.csv'), bytes: Buffer.byteLength(text) * 2, sha256: createHash('sha256').update(text + text).digest('hex'), result: 2 })
    expect(await readFile(file.path, 'utf8')).toBe(text + text)
    expect(await readdir(folder)).toEqual(['report.csv'])
  })

  it('holds only what came behind the last beginning', async () => {
    const folder = await freshFolder()
    const { bytes } = await writeWholeFile({ name: 'a', folder }, async (sink) => {
      await sink.begin()
      await sink.write('thrown away')
      await sink.begin()
      await sink.write('kept')
    })
    expect([bytes, await readFile(path.join(folder, 'a'), 'utf8')]).toEqual([4, 'kept'])
  })

  it('leaves nothing, and what was there before as it was, when writing fails', async () => {
    const { folder } = await makeFolders()
    await put({ name: 'a.md', folder }, 'before')
    const failing = (name: string) => writeWholeFile({ name, folder, overwrite: true }, async (sink) => {
      await sink.begin()
      await sink.write('half')
      throw new RangeError('in the middle')
    })
    await expect(failing('a.md')).rejects.toThrow('in the middle')
    await expect(failing('b.md')).rejects.toThrow('in the middle')
    expect(await readdir(folder)).toEqual(['a.md'])
    expect(await readFile(path.join(folder, 'a.md'), 'utf8')).toBe('before')
  })

  it('replaces a file only when it is told to, also one that came meanwhile', async () => {
    const folder = await freshFolder()
    await put({ name: 'a', folder }, 'first')
    await expect(put({ name: 'a', folder }, 'second')).rejects.toMatchObject({ code: 'argument_invalid', why: 'A file of that name is already there, and is left as it is.' })
    await expect(writeWholeFile({ name: 'b', folder }, () => writeFile(path.join(folder, 'b'), 'faster'))).rejects.toMatchObject({ code: 'argument_invalid' })
    expect([await readFile(path.join(folder, 'a'), 'utf8'), await readFile(path.join(folder, 'b'), 'utf8')]).toEqual(['first', 'faster'])
    await put({ name: 'a', folder, overwrite: true }, 'second')
    expect(await readFile(path.join(folder, 'a'), 'utf8')).toBe('second')
    expect((await readdir(folder)).toSorted()).toEqual(['a', 'b'])
  })

  it.each(['../precious.json', '../new.json', '/tmp/new.json', 'a/../../new.json', 'away/new.json', '..', '.', '', 'a\0b', 'sub/', 'nowhere/new.json', 'C:new.json', 'a\nb', 'folder', 'x'.repeat(300)])('confined to a folder is refused under the name %j', async (name) => {
    const { outside, folder } = await makeFolders()
    await mkdir(path.join(folder, 'folder'))
    await mkdir(path.join(outside, 'elsewhere'))
    await symlink(path.join(outside, 'elsewhere'), path.join(folder, 'away'))
    const error = await put({ name, folder, confined: true, overwrite: true }, 'new').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'argument_invalid' })
    // No path is told to whoever asked.
    expect(error instanceof Error ? error.message : '').not.toContain(outside)
    expect((await readdir(outside, { recursive: true })).toSorted()).toEqual(['elsewhere', 'precious.json', 'reports', 'reports/away', 'reports/folder'])
    expect(await readFile(path.join(outside, 'precious.json'), 'utf8')).toBe('precious')
  })

  it('takes the place of a link, and never writes through it', async () => {
    const { outside, folder } = await makeFolders()
    await symlink(path.join(outside, 'precious.json'), path.join(folder, 'link.json'))
    await expect(put({ name: 'link.json', folder, confined: true }, 'new')).rejects.toMatchObject({ code: 'argument_invalid' })
    await put({ name: 'link.json', folder, confined: true, overwrite: true }, 'new')
    expect(await readFile(path.join(outside, 'precious.json'), 'utf8')).toBe('precious')
    expect(await readFile(path.join(folder, 'link.json'), 'utf8')).toBe('new')
  })

  it('may be in a folder that is a link itself, and in one below it', async () => {
    const { outside, folder } = await makeFolders()
    await symlink(folder, path.join(outside, 'link'))
    await mkdir(path.join(folder, 'sub'))
    const { path: written } = await put({ name: 'sub/a.json', folder: path.join(outside, 'link'), confined: true }, 'new')
    expect(written).toBe(path.join(folder, 'sub', 'a.json'))
  })

  it('makes the folder that it is confined to, and no other', async () => {
    const folder = path.join(await freshFolder(), 'data', 'reports')
    await put({ name: 'a', folder, confined: true }, 'new')
    expect(await readdir(folder)).toEqual(['a'])
    await expect(put({ name: 'b/a', folder }, 'new')).rejects.toMatchObject({ why: 'The folder that it should be in does not exist.' })
  })
})

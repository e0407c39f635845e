/**
 * A file that is there whole or not at all: written under another name beside its place, made durable, and put into its place
 * at the end. It never leaves the folder it was allowed, and replaces nothing unless it is told to.
 */
import { createHash, randomUUID } from 'node:crypto'
import { link, lstat, mkdir, open, realpath, rename, unlink, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { systemCode, TidemarkError } from '../../src/errors.ts'
import type { TextSink } from '../../src/reports/quality-report.ts'

export interface FilePlace {
  /** Relative to the folder, or absolute. */
  readonly name: string
  readonly folder: string
  /** The file has to be below the folder, links resolved; the folder itself is made when it is not there. Default false. */
  readonly confined?: boolean | undefined
  /** Default false. */
  readonly overwrite?: boolean | undefined
}

export interface WholeFile<T> {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** What `write` gave. */
  readonly result: T
}

/**
 * @param write fills the file; when it throws, nothing is left of it
 * @throws TidemarkError `argument_invalid` for a name that may not be used, `file_not_written` when the system refuses, and
 * whatever `write` throws. No message holds a path.
 */
export async function writeWholeFile<T>(place: FilePlace, write: (sink: TextSink) => Promise<T>): Promise<WholeFile<T>> {
  const target = await targetOf(place)
  const draft = path.join(path.dirname(target), `.${path.basename(target).slice(0, 100)}.${randomUUID()}.tmp`)
  const handle = await asked(() => open(draft, 'wx'))
  try {
    const written = await fill(handle, write)
    await asked(() => (place.overwrite === true ? rename(draft, target) : putWhereNothingIs(draft, target)))
    return { path: target, ...written }
  } catch (error) {
    await unlink(draft).catch(() => undefined)
    throw error
  }
}

async function fill<T>(handle: FileHandle, write: (sink: TextSink) => Promise<T>): Promise<Omit<WholeFile<T>, 'path'>> {
  let hash = createHash('sha256')
  let bytes = 0
  try {
    const result = await write({
      async begin() {
        hash = createHash('sha256')
        bytes = 0
        await asked(() => handle.truncate(0))
      },
      async write(text) {
        const data = new TextEncoder().encode(text)
        for (let done = 0; done < data.length; ) done += (await asked(() => handle.write(data, done, data.length - done, bytes + done))).bytesWritten
        hash.update(data)
        bytes += data.length
      },
    })
    await asked(() => handle.sync())
    return { bytes, sha256: hash.digest('hex'), result }
  } finally {
    await handle.close()
  }
}

/** Fails when something is there by now, in one step where the file system has links. */
async function putWhereNothingIs(draft: string, target: string): Promise<void> {
  try {
    await link(draft, target)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK', 'EACCES'].includes(systemCode(error) ?? '')) throw error
    if (await isThere(target)) throw alreadyThere()
    return rename(draft, target)
  }
  await unlink(draft)
}

async function targetOf({ name, folder, confined = false, overwrite = false }: FilePlace): Promise<string> {
  if (/[\\/]$/u.test(name) || !isFileName(path.basename(name))) throw refused('It is not a name for a file.', 'Give a plain name, for example report.html.')
  if (confined) await asked(() => mkdir(folder, { recursive: true }))
  const useInstead = confined ? 'Give a plain name, for example report.html.' : 'Make the folder first, or give another one.'
  const parent = await realFolder(path.resolve(folder, path.dirname(name)), useInstead)
  if (confined) {
    const way = path.relative(await realFolder(folder, useInstead), parent)
    if (way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)) throw refused('It lies outside the folder for reports.', useInstead)
  }
  const target = path.join(parent, path.basename(name))
  const there = await asked(() => lstat(target).catch(nullIfMissing))
  if (there?.isDirectory() === true) throw refused('A folder of that name is there.', 'Give another name.')
  if (there !== null && !overwrite) throw alreadyThere()
  return target
}

function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 200 && !/[\p{Cc}<>:"|?*\\/]/u.test(name)
}

async function realFolder(folder: string, next: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT' && systemCode(cause) !== 'ENOTDIR') throw notWritten(cause)
    throw refused('The folder that it should be in does not exist.', next)
  }
}

async function isThere(target: string): Promise<boolean> {
  return (await lstat(target).catch(nullIfMissing)) !== null
}

function nullIfMissing(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null
  throw error
}

/** What the system says, in words that name no path. */
async function asked<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    if (cause instanceof TidemarkError) throw cause
    throw systemCode(cause) === 'EEXIST' ? alreadyThere() : notWritten(cause)
  }
}

function alreadyThere(): TidemarkError {
  return refused('A file of that name is already there, and is left as it is.', 'Give another name, or allow it to be replaced (--overwrite on the command line).')
}

function refused(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot write the file', { why, next })
}

function notWritten(cause: unknown): TidemarkError {
  const reasons: Readonly<Record<string, string>> = { ENOSPC: 'The disk is full.', EDQUOT: 'The disk quota is used up.', EACCES: 'This user may not write there.', EPERM: 'This user may not write there.', EROFS: 'The disk is read-only.' }
  const code = systemCode(cause) ?? 'unknown'
  return new TidemarkError('file_not_written', 'Cannot write the file', {
    why: reasons[code] ?? `The system refused it (${code}).`,
    next: 'Nothing was left behind. Choose another place, or make room for it.',
    cause,
  })
}

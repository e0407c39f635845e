/**
 * Where the database is, before it is opened: whether it is there, who may read and write it, who has it at the moment,
 * and how much room is left. Makes nothing, and opens nothing.
 */
import fs from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { check, type Finding } from '../../../src/doctor/finding.ts'
import { createFileLock, ownerText, type LockOwner } from '../../../src/storage/file-lock.ts'
import { systemCode } from '../../../src/errors.ts'
import { defaultDatabaseFile } from '../../node/data-directory.ts'
import type { DatabaseLocation } from '../../node/database-url.ts'
import { letsIn } from '../../node/file-mode.ts'
import { complete, lockName } from '../../pglite/folder.ts'
import { lockSuffix } from '../../sqljs/file/place.ts'

export interface Place {
  readonly findings: readonly Finding[]
  /** There is something that can be opened to be looked at. */
  readonly canOpen: boolean
}

const place = check('database', 'place')
const rights = check('database', 'access')
const lock = check('database', 'lock')
const room = check('database', 'room')

const leastRoomMb = 200

export async function lookAtPlace(location: DatabaseLocation): Promise<Place> {
  if (location.engine === 'postgres') return { findings: [], canOpen: true }
  const at = location.engine === 'sqlite' ? location.file : location.dir
  if (at === null) {
    return closed(place.warning('The database is in memory', 'Nothing is kept from one command to the next.', 'Give a file or a server with --database or TIDEMARK_DATABASE_URL.'))
  }
  const missing = await missingDatabase(location.engine, at)
  if (missing !== undefined) return closed(missing)
  return location.engine === 'sqlite' ? lookAtFile(at) : lookAtFolder(at)
}

function closed(finding: Finding): Place {
  return { findings: [finding], canOpen: false }
}

async function missingDatabase(engine: 'sqlite' | 'pglite', at: string): Promise<Finding | undefined> {
  try {
    await stat(engine === 'sqlite' ? at : path.join(at, complete))
    return undefined
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return place.failed(`The database cannot be looked at: ${at}`, `The system refuses it (${systemCode(error) ?? 'unknown error'}).`, 'Check the permissions of its folders, and that the URL names the right place.')
  }
  const folder = path.dirname(at)
  // That of the default is made when it is needed.
  if (at !== defaultDatabaseFile() && !fs.existsSync(folder)) {
    return place.failed(`There is no folder ${folder}`, 'The database is to be in it.', 'Make the folder, or correct the database URL.')
  }
  return place.warning(`There is no database yet: ${at}`, 'No command has made it.', 'Run "tidemark sync": it makes the database and fills it.')
}

async function lookAtFile(file: string): Promise<Place> {
  const real = await fs.promises.realpath(file)
  if (!(await isAllowed(real, fs.constants.R_OK))) {
    return closed(rights.failed('The file may not be read', `This user has no right to read ${real}.`, 'Run the command as the owner of the file, or give this user the right.'))
  }
  const canWrite = (await isAllowed(real, fs.constants.W_OK)) && (await isAllowed(path.dirname(real), fs.constants.W_OK))
  return {
    findings: [
      canWrite ? await privacy(real, 'The file and its folder can be written')
        : rights.warning('The file can only be read', 'This user may not write the file or its folder, which a commit needs.', 'Questions and reports work. To sync, give this user the right to write both.'),
      holderOf(`${real}${lockSuffix}`, 'file'),
      await freeRoom(real),
    ],
    canOpen: true,
  }
}

async function lookAtFolder(dir: string): Promise<Place> {
  const real = await fs.promises.realpath(dir)
  if (!(await isAllowed(real, fs.constants.R_OK | fs.constants.W_OK))) {
    return closed(rights.failed('The folder may not be written', 'PGlite writes also when it only reads, and this user may not.', 'Give this user the right to write the folder, or copy it to where it has that.'))
  }
  const holder = seenHolder(path.join(real, lockName))
  if (holder !== undefined) {
    return closed(lock.warning(
      'The database is open in another program', `It is held by ${ownerText(holder)}, and PGlite serves one program at a time.`,
      'Stop that program to have the database looked at, or ask it: an MCP server answers get_server_diagnostics.',
    ))
  }
  return { findings: [await privacy(real, 'The folder can be written'), lock.ok('Nobody has the folder open'), await freeRoom(real)], canOpen: true }
}

async function isAllowed(target: string, mode: number): Promise<boolean> {
  return access(target, mode).then(() => true, () => false)
}

/** Bugs and comments of customers are nobody else's business. */
async function privacy(target: string, what: string): Promise<Finding> {
  const { mode } = await stat(target)
  if (!letsIn('others', mode)) return rights.ok(what)
  return rights.warning(`${what}, and others can look into it`, 'Every user of this machine may read it, if its folders let them.', `Run "chmod o-rwx ${path.basename(target)}" in its folder.`)
}

function holderOf(lockFile: string, what: string): Finding {
  const holder = seenHolder(lockFile)
  return lock.ok(holder === undefined ? `Nobody writes the ${what} at the moment` : `The ${what} is written at the moment by ${ownerText(holder)}`)
}

function seenHolder(lockFile: string): LockOwner | undefined {
  return createFileLock(lockFile, { fs, os, process }).holder()
}

async function freeRoom(target: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(target)
    const megabytes = Math.floor((bavail * bsize) / 1024 / 1024)
    if (megabytes >= leastRoomMb) return room.ok(`${megabytes >= 10_240 ? `${Math.floor(megabytes / 1024)} GB` : `${megabytes} MB`} are free on the disk`)
    return room.warning(`Only ${megabytes} MB are free on the disk`, 'A sync writes each commit beside the database first.', 'Make room, or move the database to another disk.')
  } catch {
    return room.skipped('How much room is left cannot be told', 'The system does not say.')
  }
}

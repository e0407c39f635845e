/** Writes the server into the settings of a client: whole or not at all, with a copy of what was there before. */
import { constants } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { systemCode } from '../../../src/errors.ts'
import type { AiClient, Machine } from './ai-client.ts'
import { withServer } from './client-settings.ts'
import { serverEntry } from './server-entry.ts'

export interface ConnectOptions {
  readonly machine: Machine
  /** The configuration of Tidemark, which holds the token; the client learns only where it is. */
  readonly configFile: string
  readonly script?: string | undefined
}

export interface ConnectedClient {
  readonly client: string
  readonly path: string
  /** What was there before; null when nothing was, or nothing had to change. */
  readonly backup: string | null
  readonly changed: boolean
  readonly nextStep: string
}

/** @throws TidemarkError `configuration_invalid`; errors of the file system */
export async function connectClient(client: AiClient, { machine, configFile, script }: ConnectOptions): Promise<ConnectedClient> {
  const file = client.file(machine)
  const before = await textOf(file)
  const entry = serverEntry(['--config', configPath(client, configFile, machine)], { script, platform: machine.platform })
  const after = withServer(client, entry, before)
  const about = { client: client.key, path: file, nextStep: client.nextStep }
  if (after === before) return { ...about, backup: null, changed: false }
  const backup = before === undefined ? null : await keep(file)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFileAtomic(file, after, before === undefined && !client.shared ? { mode: 0o600 } : {})
  return { ...about, backup, changed: true }
}

/** In a file that others share, as seen from the project: clients start servers there. */
function configPath(client: AiClient, configFile: string, { cwd }: Machine): string {
  const relative = path.relative(cwd, configFile)
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative)
  return client.shared && isInside ? relative.replaceAll(path.sep, '/') : configFile
}

/** Never over an older copy. */
async function keep(file: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const backup = `${file}.backup${number === 1 ? '' : `-${number}`}`
    try {
      await copyFile(file, backup, constants.COPYFILE_EXCL)
      return backup
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

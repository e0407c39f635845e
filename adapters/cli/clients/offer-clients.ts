/** Connects the AI clients that a person names or chooses, one after the other, and says what was written. */
import { homedir } from 'node:os'
import { isTidemarkError, TidemarkError } from '../../../src/errors.ts'
import { nearestWord } from '../../../src/answers/nearest-word.ts'
import type { Invocation } from '../invocation.ts'
import type { Questions } from '../questions.ts'
import type { AiClient, Machine } from './ai-client.ts'
import { aiClients } from './ai-clients.ts'
import { connectClient, type ConnectedClient } from './connect-client.ts'

/** @throws TidemarkError `configuration_invalid` for a name that is not one */
export function clientsNamed(names: readonly string[]): readonly AiClient[] {
  return names.map((name) => {
    const client = aiClients.find(({ key }) => key === name)
    if (client === undefined) throw unknownClient(name)
    return client
  })
}

export async function connectClients(invocation: Invocation, clients: readonly AiClient[], configFile: string): Promise<readonly ConnectedClient[]> {
  const connected: ConnectedClient[] = []
  for (const client of clients) connected.push(await connectClient(client, { machine: machineOf(invocation), configFile, script: invocation.io.script }))
  return connected
}

/** Asks until nobody wants another one. Settings that cannot be changed are told of, and are no reason to stop. */
export async function offerClients(invocation: Invocation, questions: Questions, configFile: string): Promise<readonly ConnectedClient[]> {
  const connected: ConnectedClient[] = []
  while (await questions.confirm(connected.length === 0 ? 'Add the server to the settings of an AI client?' : 'Another client?')) {
    const key = await questions.choose('Which one?', aiClients.map((client) => ({ value: client.key, label: `${client.title} (${client.file(machineOf(invocation))})` })))
    try {
      connected.push(...(await connectClients(invocation, clientsNamed([key]), configFile)))
    } catch (error) {
      if (!isTidemarkError(error, 'configuration_invalid')) throw error
      invocation.note(error.message)
    }
  }
  return connected
}

export function connectedText(connected: readonly ConnectedClient[]): string {
  return connected
    .map(({ path, backup, changed, nextStep }) => {
      if (!changed) return `${path} has the server already.\n`
      return `Wrote ${path}${backup === null ? '' : ` (before: ${backup})`}. ${nextStep}\n`
    })
    .join('')
}

function machineOf({ io }: Invocation): Machine {
  return { home: io.env['HOME'] || io.env['USERPROFILE'] || homedir(), cwd: io.cwd, platform: process.platform, env: io.env }
}

function unknownClient(name: string): TidemarkError {
  const keys = aiClients.map(({ key }) => key)
  const nearest = nearestWord(name, keys)
  return new TidemarkError('configuration_invalid', 'Cannot set up this client', {
    why: `There is no client "${name}" here.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
    next: `Name one of ${keys.join(', ')}; docs/clients.md tells how to set up others.`,
  })
}

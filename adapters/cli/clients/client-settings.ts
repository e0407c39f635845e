/**
 * Puts the server into the settings of a client, as text: what else stands in them stays as it is. Settings that cannot be
 * read for certain are refused, with what a person would have to add by hand.
 */
import { TidemarkError } from '../../../src/errors.ts'
import { isObject } from '../../../src/is-object.ts'
import type { AiClient } from './ai-client.ts'
import type { ServerEntry } from './server-entry.ts'

const serverName = 'tidemark'

/**
 * The settings with the server in them; an older entry of the same name is replaced.
 *
 * @param before the text of the file; undefined when there is none
 * @throws TidemarkError `configuration_invalid` when they are no valid JSON, have another form, or hold the server in a way
 * that cannot be changed safely
 */
export function withServer(client: AiClient, entry: ServerEntry, before: string | undefined): string {
  return client.format === 'json' ? withJsonServer(client, entry, before) : withTomlServer(client, entry, before)
}

function withJsonServer(client: AiClient, entry: ServerEntry, before: string | undefined): string {
  const { settings, indent, end } = before === undefined || before.trim() === '' ? { settings: {}, indent: 2, end: '\n' } : parsed(client, entry, before)
  const servers = settings[client.section] ?? {}
  if (!isObject(servers)) throw unusable(client, entry, `"${client.section}" in it is not an object.`)
  const own = { ...client.extra, command: entry.command, args: entry.args }
  return `${JSON.stringify({ ...settings, [client.section]: { ...servers, [serverName]: own } }, null, indent)}${end}`
}

interface Parsed {
  readonly settings: Readonly<Record<string, unknown>>
  readonly indent: string | number
  readonly end: string
}

function parsed(client: AiClient, entry: ServerEntry, text: string): Parsed {
  let settings: unknown
  try {
    settings = JSON.parse(text)
  } catch {
    // Comments, which some clients allow, would be lost in any case.
    throw unusable(client, entry, 'It is not plain JSON.')
  }
  if (!isObject(settings)) throw unusable(client, entry, 'It does not hold an object.')
  return { settings, indent: /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? 2, end: text.endsWith('\n') ? '\n' : '' }
}

/** A table at the end: TOML that was valid stays so, whatever it holds. */
function withTomlServer(client: AiClient, entry: ServerEntry, before = ''): string {
  const table = `[${client.section}.${serverName}]`
  // JSON's strings and lists of strings are those of TOML, too.
  const block = `${table}\ncommand = ${JSON.stringify(entry.command)}\nargs = [${entry.args.map((arg) => JSON.stringify(arg)).join(', ')}]\n`
  const others = before.replace(ownBlock(table), '')
  if (speaksOf(client.section).test(others) || /"""|'''/.test(others)) throw unusable(client, entry, 'It already speaks of the server, or has texts of several lines.')
  return others.trim() === '' ? block : `${others.trimEnd()}\n\n${block}`
}

/** The server, or all servers at once, defined in another of the ways that TOML has: a second definition would break the file. */
function speaksOf(section: string): RegExp {
  const name = `["']?${section}["']?`
  return new RegExp(`${name}\\s*\\.\\s*["']?${serverName}\\b|^\\s*${name}\\s*=|^\\s*\\[\\s*${name}\\s*\\]`, 'm')
}

/** The table as it was written here, and nothing that somebody has added to it. */
function ownBlock(table: string): RegExp {
  const header = table.replaceAll(/[.[\]]/g, String.raw`\$&`)
  const text = String.raw`"(?:[^"\\\n]|\\.)*"`
  return new RegExp(String.raw`^${header}\ncommand = ${text}\nargs = \[(?:${text}(?:, )?)*\]\n(?=\s*(?:\[|$(?![^])))`, 'm')
}

function unusable(client: AiClient, entry: ServerEntry, why: string): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot change the settings of ${client.title}`, {
    why,
    next: `Nothing was changed. Add this by hand:\n${withServer(client, entry, undefined)}`,
  })
}

/**
 * The default of a live column as a declaration says it: a plain value where one makes the same default again, else the
 * words of the engine.
 */
import type { JsonValue } from '../storage/storage.ts'
import type { ColumnDefault } from './column.ts'
import type { LiveColumn } from './introspect.ts'

export function liveDefault({ type, default: text }: LiveColumn): ColumnDefault | undefined {
  if (text === undefined) return undefined
  return nowDefault(type.kind, text) ?? valueDefault(type.kind, text) ?? { kind: 'sql', sql: text }
}

/** The spellings that the kit writes itself. */
const moments: Readonly<Record<string, readonly string[]>> = {
  instant: ['now()', "strftime('%Y-%m-%dT%H:%M:%fZ','now')"],
  date: ['CURRENT_DATE', "strftime('%Y-%m-%d','now')"],
}

function nowDefault(kind: LiveColumn['type']['kind'], text: string): ColumnDefault | undefined {
  return moments[kind]?.includes(text) === true ? { kind: 'now' } : undefined
}

function valueDefault(kind: LiveColumn['type']['kind'], text: string): ColumnDefault | undefined {
  switch (kind) {
    case 'integer':
    case 'bigint':
    case 'real':
    case 'numeric': {
      // PostgreSQL prints a negative number as a text with a cast.
      const digits = /^'(-[\d.]+)'::[a-z ]+$/.exec(text)?.[1] ?? text
      const value = Number(digits)
      return String(value) === digits && Number.isFinite(value) && (kind === 'real' || kind === 'numeric' || Number.isSafeInteger(value)) ? { kind: 'value', value } : undefined
    }
    case 'boolean':
      return /^(?:true|false)$/.test(text) ? { kind: 'value', value: text === 'true' } : /^[01]$/.test(text) ? { kind: 'value', value: text === '1' } : undefined
    case 'text':
    case 'enum':
    case 'uuid': {
      const value = literal(text)
      return value === undefined ? undefined : { kind: 'value', value }
    }
    case 'json':
      return jsonDefault(literal(text))
    case 'date':
      return /^'\d{4}-\d\d-\d\d'(?:::date)?$/.test(text) ? { kind: 'value', value: text.slice(1, 11) } : undefined
    default:
      return undefined
  }
}

function jsonDefault(content: string | undefined): ColumnDefault | undefined {
  if (content === undefined) return undefined
  try {
    // What JSON.parse gives is a JSON value.
    return { kind: 'value', value: JSON.parse(content) as JsonValue }
  } catch {
    return undefined
  }
}

/** The content of a text, with or without the cast that PostgreSQL prints. SQLite takes a bare name for a text as well. */
function literal(text: string): string | undefined {
  const quoted = /^(?<quote>['"])(?<content>(?:(?!\k<quote>)[\s\S]|\k<quote>\k<quote>)*)\k<quote>(?:::[\w" ]+)?$/.exec(text)?.groups
  if (quoted !== undefined) return (quoted['content'] ?? '').replaceAll(`${quoted['quote']}${quoted['quote']}`, quoted['quote'] ?? '')
  return /^\w+$/.test(text) && !/^(?:\d.*|null|true|false|current_\w+)$/i.test(text) && !/^(?:SESSION_)?USER$/.test(text) ? text : undefined
}

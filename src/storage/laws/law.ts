/**
 * What a law is, and the small tools that laws are written with: a statement template that writes each dialect's
 * placeholders, column types, and assertions that throw. No test runner, so that laws run wherever storages do.
 */
import { TidemarkError, type TidemarkErrorCode } from '../../errors.ts'
import type { Dialect, SqlValue, Statement, Storage, StorageCapabilities } from '../storage.ts'

/** A capability that a law can depend on. */
export type Capability = { [K in keyof StorageCapabilities]: StorageCapabilities[K] extends boolean ? K : never }[keyof StorageCapabilities]

/** A place that can hold one database. */
export interface StoragePlace {
  /** Opens the database of the place: empty the first time; on a durable engine with what was committed before. */
  open(options?: { readonly waitTimeoutMs?: number | undefined }): Promise<Storage>
}

/** A promise of the port, with its proof. */
export interface StorageLaw {
  /** A sentence about behaviour; also the name by which a gap is declared. */
  readonly name: string
  /** The law is for engines that can do this. */
  readonly needs?: Capability | undefined
  /** The law is for engines that cannot do this. */
  readonly lacks?: Capability | undefined
  /** The law opens its place a second time. */
  readonly reopens?: true | undefined
  /** May not be declared as a gap: an adapter without it loses data. */
  readonly essential?: true | undefined
  /** Throws when the storages that the place gives do not keep the law. */
  readonly check: (place: StoragePlace) => Promise<void>
}

/** A law about one storage. */
export function law(name: string, check: (storage: Storage, sql: SqlTemplate) => Promise<void>, more: Omit<StorageLaw, 'name' | 'check'> = {}): StorageLaw {
  return {
    name,
    ...more,
    check: async (place) => {
      const storage = await place.open()
      await check(storage, sqlTemplate(storage.dialect))
    },
  }
}

/** Builds a statement: values are bound, `raw()` is text. */
export type SqlTemplate = (text: TemplateStringsArray, ...parts: readonly (SqlValue | Raw)[]) => Statement

class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** SQL text of the law itself, such as a column type. */
export function raw(text: string): Raw {
  return new Raw(text)
}

export function sqlTemplate(dialect: Dialect): SqlTemplate {
  return (text, ...parts) => {
    const parameters: SqlValue[] = []
    let sql = text[0] ?? ''
    parts.forEach((part, index) => {
      if (part instanceof Raw) sql += part.text
      else sql += dialect === 'sqlite' ? (parameters.push(part), '?') : `$${parameters.push(part)}`
      sql += text[index + 1] ?? ''
    })
    return { sql, parameters }
  }
}

/** How the kit declares a column of each kind. */
export const columnTypes = {
  sqlite: {
    integer: raw('INTEGER'), bigint: raw('BIGINT'), real: raw('REAL'), numeric: raw('NUMERIC(30,10)'), text: raw('TEXT'),
    boolean: raw('BOOLEAN'), instant: raw('INSTANT TEXT'), date: raw('DATE TEXT'), json: raw('JSON TEXT'), bytes: raw('BLOB'), uuid: raw('UUID TEXT'),
  },
  postgres: {
    integer: raw('integer'), bigint: raw('bigint'), real: raw('double precision'), numeric: raw('numeric(30,10)'), text: raw('text'),
    boolean: raw('boolean'), instant: raw('timestamptz'), date: raw('date'), json: raw('jsonb'), bytes: raw('bytea'), uuid: raw('uuid'),
  },
} as const

export type ValueKind = keyof (typeof columnTypes)['sqlite']

/** Fails unless both are the same: deeply, by type and by value. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (!isSame(actual, expected)) throw new Error(`${what}: expected ${shown(expected)}, got ${shown(actual)}`)
}

/** Fails unless the promise rejects with a `TidemarkError` of that code; gives the error. */
export async function refused(promise: Promise<unknown>, code: TidemarkErrorCode): Promise<TidemarkError> {
  const error = await failureOf(promise)
  if (error instanceof TidemarkError && error.code === code) return error
  throw new Error(`Expected an error with code "${code}", got ${error instanceof TidemarkError ? `code "${error.code}": ${error.message}` : String(error)}`, { cause: error })
}

/** What the promise rejects with; fails when it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then((value) => ({ value }), (error: unknown) => ({ error }))
  if ('error' in outcome) return outcome.error
  throw new Error(`Expected a failure, got ${shown(outcome.value)}`)
}

/** Long enough for anything that was wrongly let through to have happened. */
export function pause(ms = 20): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a.constructor === b.constructor && a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((byte, index) => byte === b[index])
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(Reflect.get(a, key), Reflect.get(b, key)))
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part instanceof Uint8Array ? `bytes(${part.join(' ')})` : part))
  return text === undefined ? String(value) : text.length > 500 ? `${text.slice(0, 500)}…` : text
}

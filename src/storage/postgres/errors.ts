/**
 * PostgreSQL's errors as Tidemark's, by SQLSTATE, for `pg` and PGlite alike. The server's message is shown only for
 * mistakes in the statement itself (class 42), since others may quote values; it always stays in `cause`.
 */
import { TidemarkError, type TidemarkErrorCode } from '../../errors.ts'

interface Meaning {
  readonly code: TidemarkErrorCode
  readonly why: string
  readonly next: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  '23505': { code: 'unique_violated', why: 'A row with this key exists already.', next: 'Change the key, or update the row that has it.' },
  '23503': { code: 'foreign_key_violated', why: 'A row refers to one that does not exist.', next: 'Write the row that is referred to first, or delete the rows that refer to it.' },
  '23001': { code: 'foreign_key_violated', why: 'Other rows refer to this one.', next: 'Delete the rows that refer to it first.' },
  '23502': { code: 'not_null_violated', why: 'A column that needs a value has none.', next: 'Give the column a value.' },
  '23514': { code: 'check_violated', why: 'A value breaks a check of its table.', next: 'Give a value that the check allows.' },
  '40001': { code: 'storage_busy', why: 'Another transaction changed the same rows.', next: 'Run the transaction again.' },
  '40P01': { code: 'storage_busy', why: 'It and another transaction waited for each other.', next: 'Run the transaction again.' },
  '28P01': { code: 'storage_unavailable', why: 'The server does not accept the user or the password.', next: 'Correct the user and the password.' },
  '28000': { code: 'storage_unavailable', why: 'The server does not let this user in from here.', next: 'Correct the user, or the rules of the server.' },
  '3D000': { code: 'storage_unavailable', why: 'The database does not exist on the server.', next: 'Create the database, or correct its name.' },
  '25006': { code: 'storage_unavailable', why: 'The server takes no writes here: it is a replica, or the session is read-only.', next: 'Write to the primary server.' },
  '25P03': { code: 'storage_unavailable', why: 'The server ended the connection, because its transaction had done nothing for too long.', next: 'Do not wait for other things inside a transaction, then run it again.' },
  '53100': { code: 'storage_unavailable', why: 'The disk of the database is full.', next: 'Make room on it, then try again.' },
  '57014': { code: 'storage_busy', why: 'The statement ran longer than the time-out for statements, or somebody cancelled it on the server.', next: 'Try again when the server has less to do, or allow more time with `statementTimeoutMs`.' },
  '55P03': { code: 'storage_busy', why: 'Another transaction held the lock for longer than the time-out for locks.', next: 'Try again when the other work is done, or allow more time with `lockTimeoutMs`.' },
}

/** Of what makes the server unavailable, that which no waiting mends. */
const fixedByHand = /^(?:28|3D|25006)/

const lostSystemCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** `what` is the first line of the message, for example `Cannot run the statement on PostgreSQL.` */
export function postgresError(what: string, error: unknown, sql?: string): TidemarkError {
  const state = textOf(error, 'code')
  const meaning = (state === undefined ? undefined : meanings[state]) ?? otherMeaning(state, error)
  const names = ['schema', 'table', 'column', 'constraint'].flatMap((key) => {
    const name = textOf(error, key)
    return name === undefined ? [] : [[key, name] as const]
  })
  const where = names.length === 0 ? '' : ` (${names.map(([key, name]) => `${key} "${name}"`).join(', ')})`
  return new TidemarkError(meaning.code, what, {
    why: `${meaning.why}${where}`,
    next: meaning.next,
    cause: error,
    retryable: meaning.code === 'storage_busy' || (meaning.code === 'storage_unavailable' && !fixedByHand.test(state ?? '') && !isTls(state ?? '')),
    details: { ...(state === undefined ? {} : { sqlState: state }), ...Object.fromEntries(names), ...(sql === undefined ? {} : { sql }) },
  })
}

function otherMeaning(state: string | undefined, error: unknown): Meaning {
  if (state !== undefined && isTls(state)) {
    return { code: 'storage_unavailable', why: `No encrypted connection that can be trusted came about (${state}).`, next: 'Check `sslmode`, `sslrootcert` and the name of the host against the certificate of the server.' }
  }
  if (state === undefined || isLost(state)) {
    return { code: 'storage_unavailable', why: `The connection to the server was lost (${state ?? 'no code'}).`, next: 'Check that the server is up, then try again.' }
  }
  if (/^5[38]/.test(state)) {
    return { code: 'storage_unavailable', why: `The server lacks what it needs: memory, disk or connections (SQLSTATE ${state}).`, next: 'Give the server what it lacks, then try again.' }
  }
  const why = state.startsWith('42') && error instanceof Error ? `${error.message}.` : `PostgreSQL refused it with SQLSTATE ${state}; its message may hold values and is kept in \`cause\`.`
  return { code: 'statement_failed', why, next: 'Correct the statement or the values, or bring the schema up to date.' }
}

/** `pg` reports a connection that ended without any code. `08P01` is a wrong number of parameters. */
function isLost(state: string): boolean {
  return lostSystemCodes.has(state) || /^(?:08(?!P01)|57P)/.test(state)
}

/** The codes of Node and OpenSSL are words; SQLSTATE has five characters. */
function isTls(code: string): boolean {
  return code.length > 5 && /CERT|SIGNATURE|TLS|SSL|CRL|_CA$/.test(code)
}

function textOf(error: unknown, key: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}

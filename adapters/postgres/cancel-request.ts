/**
 * Asks the server to cancel what a connection is running. PostgreSQL takes such a request on a connection of its own, and
 * it reaches the right session through a connection pooler too, which `pg_cancel_backend` would not.
 */
import type { Client, Connection } from 'pg'

/** What `pg` has and its types leave out. */
interface CancellingConnection extends Connection {
  connect(portOrSocket: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
}
interface Session {
  readonly processID?: unknown
  readonly secretKey?: unknown
}

const longestMs = 10_000

/** Resolves when the server has passed the request on, or cannot be asked: whether it helped shows on the statement. */
export async function cancelRunning(client: Client, open: () => Connection, negotiation: 'postgres' | 'direct'): Promise<void> {
  const { processID, secretKey } = client as Session
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return
  const connection = open() as CancellingConnection
  const send = (): void => connection.cancel(processID, secretKey)
  const encrypted = Boolean(client.ssl)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => connection.stream.destroy(), longestMs)
    connection.on('error', () => connection.stream.destroy())
    // The server hangs up as soon as it has sent the signal.
    connection.on('end', () => {
      clearTimeout(timer)
      resolve()
    })
    connection.on('connect', () => {
      if (!encrypted) send()
      else if (negotiation === 'postgres') connection.requestSsl()
    })
    connection.on('sslconnect', send)
    if (client.host.startsWith('/')) connection.connect(`${client.host}/.s.PGSQL.${client.port}`)
    else connection.connect(client.port, client.host)
  })
}

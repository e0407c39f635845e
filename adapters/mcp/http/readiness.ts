/**
 * Whether the server can answer questions: the database opens, reads, and is at the newest schema. Asked of the database itself, at most
 * once a second. Anybody may ask, so the answer is one of a few words.
 */
import { isTidemarkError } from '../../../src/errors.ts'
import type { Logger, Tidemark } from '../../../src/tidemark.ts'

export type Readiness = 'ready' | 'database_unavailable' | 'database_not_at_head'

const freshMs = 1000

export function createReadiness(open: () => Promise<Tidemark>, logger: Logger, now: () => number = Date.now): () => Promise<Readiness> {
  let last: { readonly answer: Promise<Readiness>; doneAt: number | undefined } | undefined
  let logged: Readiness = 'ready'

  async function look(): Promise<Readiness> {
    try {
      const { database, checks } = await (await open()).diagnostics({ probeApi: false })
      if (database.atHead) return 'ready'
      return checks.some(({ name, ok }) => name === 'database' && !ok) ? 'database_unavailable' : 'database_not_at_head'
    } catch (error) {
      return isTidemarkError(error, 'database_behind') ? 'database_not_at_head' : 'database_unavailable'
    }
  }

  return async () => {
    if (last !== undefined && (last.doneAt === undefined || now() - last.doneAt < freshMs)) return last.answer
    const current: NonNullable<typeof last> = { answer: look(), doneAt: undefined }
    last = current
    const answer = await current.answer
    current.doneAt = now()
    if (answer !== logged) logger.warn(answer === 'ready' ? 'Ready again' : `Not ready: ${answer}`)
    logged = answer
    return answer
  }
}

/** What `kill-browser.test.ts` runs in a page: a writer that goes on until it is killed, and a reader of what is left. */
import { browserSqlite } from '../../adapters/sqljs/browser/browser.ts'
import { lostError } from '../../adapters/sqljs/browser/errors.ts'
import { TidemarkError } from '../../src/errors.ts'
import { kindOf } from './kill-ledger.ts'
import { commitNext, createTables } from './kill-work.ts'

declare global {
  /** Of the test; resolves when it knows. */
  function report(seq: number, number: number): Promise<void>
}

const name = 'kill'

const inPage = {
  /** Resolves when it is open; from then on each commit is reported by `report`. */
  async write(writer: string): Promise<void> {
    const storage = await browserSqlite({ name })
    await createTables(storage)
    const goOn = async (): Promise<void> => {
      for (let number = 1; ; number += 1) {
        const seq = await commitNext(storage, writer, number)
        await report(seq, number)
        if (kindOf(seq) === 'vacuum') await storage.query({ sql: 'vacuum' })
      }
    }
    goOn().catch((error: unknown) => console.error(error))
  },

  /** Opens it, and gives whether the browser says that it has deleted it; anything else that fails is thrown. */
  async toldOfLoss(): Promise<boolean> {
    try {
      await (await browserSqlite({ name })).close()
      return false
    } catch (error) {
      if (error instanceof TidemarkError && error.why === lostError(name).why) return true
      throw error
    }
  },

  async ask(sql: string): Promise<readonly object[]> {
    const storage = await browserSqlite({ name })
    const { rows } = await storage.query({ sql })
    await storage.close()
    return rows
  },
}

export type InPage = typeof inPage

Object.assign(globalThis, { inPage })

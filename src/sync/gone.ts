/**
 * What is missing from a complete list may be gone, or the list may not tell the truth. Before anything is called gone, it
 * is asked for singly, and its product has to be readable afterwards: a refused product looks empty, too.
 */
import pLimit from 'p-limit'
import { isTidemarkError, type TidemarkError } from '../errors.ts'
import type { RunCore, StepReport } from './run.ts'

export interface SingleReads<Record> {
  readonly found: readonly { readonly id: number; readonly record: Record }[]
  /** The API knows them no more, or does not show them to us any more. */
  readonly gone: readonly number[]
  /** It has them and cannot give them. */
  readonly unreadable: readonly { readonly id: number; readonly error: TidemarkError }[]
}

/** Reads of one product at once; the client bounds them over all products. */
const readsAtOnce = 4
/** Failures in succession that are no broken records but an API that is down. */
const outageAfter = 6

/**
 * Reads records one by one.
 *
 * @throws TidemarkError when the API cannot be read; whatever was read before is lost then, and nothing is gone
 */
export async function readSingly<Record>(ids: readonly number[], read: (id: number) => Promise<Record>): Promise<SingleReads<Record>> {
  const found: { id: number; record: Record }[] = []
  const gone: number[] = []
  const unreadable: { id: number; error: TidemarkError }[] = []
  let failuresInARow = 0
  let ended: TidemarkError | undefined
  const limit = pLimit(readsAtOnce)
  await Promise.all(
    ids.map((id) =>
      limit(async () => {
        if (ended !== undefined) return
        try {
          found.push({ id, record: await read(id) })
          failuresInARow = 0
        } catch (error) {
          if (!isTidemarkError(error)) throw error
          if (error.code === 'api_not_found' || error.code === 'api_forbidden') {
            gone.push(id)
            failuresInARow = 0
          } else if (isAboutTheRecord(error) && ++failuresInARow < outageAfter) {
            unreadable.push({ id, error })
          } else {
            ended ??= error
          }
        }
      }),
    ),
  )
  if (ended !== undefined) throw ended
  return { found, gone, unreadable }
}

/** Whether the failure may be that of one record, rather than of the API. */
export function isAboutTheRecord({ code }: TidemarkError): boolean {
  return code === 'api_server_error' || code === 'api_malformed' || code === 'api_rejected'
}

/** True when what the product does not show may be believed not to be there; else the step is told why not. */
export async function isReadable({ client }: Pick<RunCore, 'client'>, productId: number, report: StepReport): Promise<boolean> {
  try {
    await client.testWindow(productId, 0, 1, report.reading)
    return true
  } catch (error) {
    if (!isTidemarkError(error)) throw error
    // Its first test may be a broken record; some products refuse one of the two.
    try {
      await client.product(productId, report.reading)
      return true
    } catch (failure) {
      if (!isTidemarkError(failure)) throw failure
      report.failed(failure)
      return false
    }
  }
}

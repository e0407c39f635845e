/** Runs a sync for a person who watches it, and may stop it. */
import type { SyncOptions, SyncOutcome, SyncResult } from '../../../src/sync/types.ts'
import type { Invocation } from '../invocation.ts'
import { exitCode, type ExitCode } from '../io.ts'
import type { ProductNames } from './product-names.ts'
import { startProgressDisplay } from './progress.ts'

/** With its progress on standard error; the person's wish to stop cancels it. Afterwards the names of all products are known. */
export async function watchSync<Result extends SyncResult | null>(
  invocation: Invocation, names: ProductNames, sync: (options: Pick<SyncOptions, 'signal' | 'onProgress'>) => Promise<Result>,
): Promise<Result> {
  const display = startProgressDisplay(invocation, names)
  try {
    const result = await sync({ signal: invocation.io.signal, onProgress: (progress) => display.show(progress) })
    await names.refresh()
    return result
  } finally {
    display.stop()
  }
}

export function syncExitCode(outcome: SyncOutcome): ExitCode {
  if (outcome === 'success') return exitCode.success
  return outcome === 'partial' ? exitCode.partial : exitCode.failed
}

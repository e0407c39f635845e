/** How a wait for a turn ends when the turn does not come. */
import { TidemarkError, abortedError } from '../errors.ts'
import type { GateWait } from './fifo-gate.ts'

/** `task` completes the sentence "Cannot …". */
export function waitLimit(task: string, timeoutMs: number, signal?: AbortSignal): GateWait {
  return {
    timeoutMs,
    signal,
    onAbort: (aborted) => abortedError(`Cannot ${task}`, aborted),
    onTimeout: () =>
      new TidemarkError('storage_busy', `Cannot ${task}`, {
        why: `It waited ${timeoutMs} ms for its turn. A statement on the storage itself inside its own transaction would wait for itself for ever; so would one on the outer transaction inside a nested one.`,
        next: 'Inside a transaction use the `tx` that its callback is given; otherwise make the transactions shorter, or try again.',
        retryable: true,
      }),
  }
}

/** Work that one program at a time may do: with the lease, and a writer whose every transaction renews it. */
import type { QueryContext } from '../repositories/context.ts'
import { createGroupWriter, type GroupWriter } from './group-writer.ts'
import { takeLease, type Lease } from './lease.ts'

/** @throws TidemarkError `sync_running`, and whatever `work` throws */
export async function underLease<T>(context: QueryContext, holder: string, work: (writer: GroupWriter, lease: Lease) => Promise<T>): Promise<T> {
  const lease = await takeLease(context, holder)
  const { storage, customerId, now } = context
  const writer = createGroupWriter({ storage, customerId, now, guard: (target) => lease.renew(target.tx) })
  try {
    return await work(writer, lease)
  } finally {
    // One that cannot be given back ends by itself.
    await lease.release().catch(() => undefined)
  }
}

/** People as rows. Names are their only identity, so a row is made once and never changed. */
import type { InsertOf } from '../../model/schema.ts'
import { searchText } from '../../model/search-text.ts'
import { userId } from '../../model/user-id.ts'
import type { UserRole } from '../../repositories/items.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { WriteTarget } from '../write-target.ts'

/** Adds the people who are not there yet. */
export async function writeUsers(target: WriteTarget, role: UserRole, names: readonly string[]): Promise<void> {
  const { tx, customerId } = target
  const unique = [...new Set(names)].toSorted()
  const rows: InsertOf<'users'>[] = await Promise.all(
    unique.map(async (name) => ({ customer_id: customerId, id: await userId(role, name), role, name, search_text: searchText(name) })),
  )
  await bulkWrite(tx, 'users', rows, { onConflict: 'ignore' })
}

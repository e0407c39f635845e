/** The statements of one answer see one state, so that its parts agree while a sync goes on. */
import type { TidemarkDatabase } from '../model/schema.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { QueryContext } from './context.ts'

/** `read` reads through `view` only; see `Storage.snapshot`. */
export function fromOneState<T>(context: QueryContext, read: (view: QueryContext) => Promise<T>): Promise<T> {
  return context.storage.snapshot((view) => read({ ...context, db: kyselyFor<TidemarkDatabase>(view, context.storage.dialect) }))
}

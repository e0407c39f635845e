import { TidemarkError } from '../errors.ts'

/** The error for an id that the local copy does not have; it names the list that helps, as AI clients and the command line call it. */
export function notFound(entity: 'product' | 'test' | 'bug' | 'feature' | 'user', id: number): TidemarkError {
  return new TidemarkError('not_found', `Cannot summarize ${entity} ${id}`, {
    why: `The local copy has no ${entity} with this id.`,
    next: `Look up a valid id with list_${entity}s ("tidemark ${entity}s" on the command line), or sync first if it is new.`,
    details: { entity, id },
  })
}

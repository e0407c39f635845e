import { TidemarkError } from '../errors.ts'

type Entity = 'product' | 'test' | 'bug' | 'feature' | 'user'

/** The error for an id that the local copy does not have; it names the list that helps, as AI clients and the command line call it. */
export function notFound(entity: Entity, id: number): TidemarkError {
  return new TidemarkError('not_found', `Cannot summarize ${entity} ${id}`, {
    why: `The local copy has no ${entity} with this id.`,
    next: `Look up a valid id with list_${entity}s ("tidemark ${entity}s" on the command line), or sync first if it is new.`,
    details: { entity, id },
  })
}

/** The error for what the local copy still has, although it is gone upstream. */
export function goneUpstream(entity: Entity, id: number, deletedAt: string): TidemarkError {
  return new TidemarkError('not_found', `Cannot summarize ${entity} ${id}`, {
    why: `It is gone upstream; a sync found that out at ${deletedAt}.`,
    next: `Look up another id with list_${entity}s ("tidemark ${entity}s" on the command line). If it comes back, the next sync brings it back.`,
    details: { entity, id, deletedAt },
  })
}

import { TidemarkError } from '../errors.ts'

/** The error for an id that the local copy does not have. `tool` names the list that helps. */
export function notFound(entity: string, id: number, tool: string): TidemarkError {
  return new TidemarkError('not_found', `Cannot summarize ${entity} ${id}`, {
    why: `The local copy has no ${entity} with this id.`,
    next: `Look up a valid id with ${tool}, or sync first if it is new.`,
    details: { entity, id },
  })
}

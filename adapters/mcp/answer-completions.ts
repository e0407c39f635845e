/**
 * Answers `completion/complete` for arguments of prompts and ids of resources. The SDK's own completion needs schemas of
 * another library. Suggestions are a help while typing: what cannot be had is an empty list, not an error.
 */
import type { Server } from '@modelcontextprotocol/server'
import { promptNamed } from './answer-prompts.ts'
import type { Complete } from './completions.ts'
import type { Offerings } from './offerings.ts'
import { invalidRequest } from './protocol-errors.ts'
import type { ResourceFamily } from './resource.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import { spokenError } from './tool-errors.ts'

const maxCharacters = 200

export function answerCompletions(server: Server, offerings: () => Promise<Offerings>, environment: ToolEnvironment): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }) => {
    const { prompts, families } = await offerings()
    const complete = ref.type === 'ref/prompt' ? promptNamed(ref.name, prompts).completions.get(argument.name) : ofTemplate(ref.uri, families)
    const { values, hasMore } = await suggest(complete, argument.value, environment)
    return { completion: { values, ...(hasMore ? { hasMore } : { total: values.length, hasMore }) } }
  })
}

function ofTemplate(uri: string, families: readonly ResourceFamily[]): Complete {
  const family = families.find(({ definition }) => definition.uriTemplate === uri)
  if (family !== undefined) return family.complete
  const templates = families.map(({ definition }) => definition.uriTemplate).join(', ')
  throw invalidRequest(`Cannot complete this address\nThere is no such template.\nUse one of ${templates}.`)
}

async function suggest(complete: Complete | undefined, typed: string, environment: ToolEnvironment) {
  if (complete === undefined || typed.length > maxCharacters) return { values: [], hasMore: false }
  try {
    return await complete(typed, environment)
  } catch (error) {
    spokenError('a completion', error, environment.logger)
    return { values: [], hasMore: false }
  }
}

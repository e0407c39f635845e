/** Answers `prompts/list` and `prompts/get`. */
import type { Server } from '@modelcontextprotocol/server'
import { nearestWord } from '../../src/answers/nearest-word.ts'
import type { Offerings } from './offerings.ts'
import type { Prompt } from './prompt.ts'
import { answered, invalidRequest, onlyPage, quotedName } from './protocol-errors.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import type { ToolGate } from './toolsets.ts'

/** @param gate tells which tools this server has: steps that need another are left out */
export function answerPromptRequests(server: Server, offerings: () => Promise<Offerings>, { logger }: ToolEnvironment, gate: ToolGate): void {
  server.setRequestHandler('prompts/list', async ({ params }) => {
    onlyPage(params)
    return { prompts: (await offerings()).prompts.map(({ definition }) => definition) }
  })
  server.setRequestHandler('prompts/get', async ({ params }) => {
    const { prompts, tools } = await offerings()
    const prompt = promptNamed(params.name, prompts)
    const offers = (name: string): boolean => tools.some((tool) => tool.definition.name === name && gate(tool) === undefined)
    return answered(`prompt ${prompt.definition.name}`, logger, () => prompt.get(params.arguments ?? {}, offers))
  })
}

/** @throws RequestError naming the nearest */
export function promptNamed(name: string, prompts: readonly Prompt[]): Prompt {
  const prompt = prompts.find(({ definition }) => definition.name === name)
  if (prompt !== undefined) return prompt
  const names = prompts.map(({ definition }) => definition.name)
  const nearest = nearestWord(name, names)
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw invalidRequest(`Cannot get ${quotedName(name)}\nThere is no such prompt.${meant}\nGet one of ${names.join(', ')}.`)
}

/** Answers `prompts/list` and `prompts/get`. */
import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import { nearestWord } from '../../src/answers/nearest-word.ts'
import type { Offers } from './prompt.ts'
import { prompts } from './prompts.ts'
import { answered, onlyPage, quotedName } from './protocol-errors.ts'
import type { ToolEnvironment } from './tool-environment.ts'

/** @param offers whether this server has a tool of that name */
export function answerPromptRequests(server: Server, { logger }: ToolEnvironment, offers: Offers): void {
  server.setRequestHandler('prompts/list', ({ params }) => {
    onlyPage(params)
    return { prompts: prompts.map(({ definition }) => definition) }
  })
  server.setRequestHandler('prompts/get', ({ params }) =>
    answered(`prompt ${findPrompt(params.name).definition.name}`, logger, () => findPrompt(params.name).get(params.arguments ?? {}, offers)))
}

/** @throws ProtocolError invalid params, naming the nearest */
export function findPrompt(name: string) {
  const prompt = prompts.find(({ definition }) => definition.name === name)
  if (prompt !== undefined) return prompt
  const names = prompts.map(({ definition }) => definition.name)
  const nearest = nearestWord(name, names)
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Cannot get ${quotedName(name)}\nThere is no such prompt.${meant}\nGet one of ${names.join(', ')}.`)
}

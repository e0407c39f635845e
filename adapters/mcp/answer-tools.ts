/** Answers `tools/list` and `tools/call`. */
import type { Server } from '@modelcontextprotocol/server'
import { nearestWord } from '../../src/answers/nearest-word.ts'
import type { Offerings } from './offerings.ts'
import { invalidRequest, onlyPage, quotedName } from './protocol-errors.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import { refusal } from './tool-errors.ts'
import type { ToolGate } from './toolsets.ts'

export function answerToolRequests(server: Server, offerings: () => Promise<Offerings>, environment: ToolEnvironment, gate: ToolGate): void {
  const offered = async () => (await offerings()).tools.filter((tool) => gate(tool) === undefined)
  server.setRequestHandler('tools/list', async ({ params }) => {
    onlyPage(params)
    return { tools: (await offered()).map(({ definition, readOnlyDefinition }) => (environment.readOnly ? (readOnlyDefinition ?? definition) : definition)) }
  })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { tools } = await offerings()
    const tool = tools.find(({ definition }) => definition.name === params.name)
    if (tool === undefined) throw unknownTool(params.name, (await offered()).map(({ definition }) => definition.name))
    const reason = gate(tool)
    if (reason !== undefined) return refusal(reason)
    return tool.call(params.arguments ?? {}, context, environment)
  })
}

function unknownTool(name: string, names: readonly string[]): Error {
  const nearest = nearestWord(name, names)
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`
  return invalidRequest(`Cannot call ${quotedName(name)}\nThere is no such tool.${meant}\nCall one of ${names.join(', ')}.`)
}

/**
 * What the official referee asks a server for: tools, prompts and resources of its own names, registered with the SDK. Shows nothing
 * about Tidemark's tools; it is there so that the referee can judge the HTTP stack that they are served through.
 */
import {
  fromJsonSchema, McpServer, MissingRequiredClientCapabilityError, ProtocolError, ProtocolErrorCode, ResourceTemplate, type CallToolResult, type ServerContext,
} from '@modelcontextprotocol/server'

// One red pixel, and a WAV file without a sound.
const image = { type: 'image', data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==', mimeType: 'image/png' } as const
const audio = { type: 'audio', data: 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=', mimeType: 'audio/wav' } as const
const text = (value: string) => ({ type: 'text', text: value }) as const
const embedded = (uri: string, mimeType: string, value: string) => ({ type: 'resource', resource: { uri, mimeType, text: value } }) as const

export function createFixtureServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} },
      cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } },
    },
  )
  answerToolRequests(server)
  registerResources(server)
  registerPrompts(server)
  // Registering says that lists can change; here they do not, as in Tidemark.
  server.server.registerCapabilities({ tools: { listChanged: false }, prompts: { listChanged: false }, resources: { listChanged: false } })
  return server
}

type Call = (context: ServerContext['mcpReq']) => Promise<CallToolResult>

const answers = (...content: CallToolResult['content']): Call => async () => ({ content })

const tools: Readonly<Record<string, Call>> = {
  test_simple_text: answers(text('This is a simple text response for testing.')),
  test_image_content: answers(image),
  test_audio_content: answers(audio),
  test_embedded_resource: answers(embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
  test_multiple_content_types: answers(text('Multiple content types test:'), image, embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}')),
  test_error_handling: async () => ({ isError: true, content: [text('This tool intentionally returns an error for testing')] }),
  async test_missing_capability() {
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } })
  },
  async test_tool_with_logging({ notify }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await notify({ method: 'notifications/message', params: { level: 'info', data } })
    }
    return { content: [text('done')] }
  },
  async test_logging_tool({ log }) {
    await log('info', 'for those who asked for it')
    return { content: [text('done')] }
  },
  async test_tool_with_progress({ _meta: meta, notify }) {
    const progressToken = meta?.progressToken ?? 0
    for (const progress of [0, 50, 100]) await notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } })
    return { content: [text(String(progressToken))] }
  },
  async test_streaming_elicitation({ notify }) {
    await notify({ method: 'notifications/progress', params: { progressToken: 0, progress: 1 } })
    return { content: [text('done')] }
  },
}

/** Below `registerTool`, as the tools of Tidemark are: an error of the protocol stays one. */
function answerToolRequests({ server }: McpServer): void {
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(tools).map((name) => ({ name, description: `Does ${name}`, inputSchema: { type: 'object', properties: {}, additionalProperties: false } })),
  }))
  server.setRequestHandler('tools/call', async ({ params: { name } }, { mcpReq }) => {
    const call = tools[name]
    if (call === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such tool')
    return call(mcpReq)
  })
}

function registerResources(server: McpServer): void {
  const content = (uri: string) => ({ contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] })
  server.registerResource('static-text', 'test://static-text', { mimeType: 'text/plain' }, async (uri) => content(uri.href))
  server.registerResource('watched', 'test://watched-resource', { mimeType: 'text/plain' }, async (uri) => content(uri.href))
  server.registerResource('static-binary', 'test://static-binary', { mimeType: 'image/png' }, async (uri) => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: image.data }] }))
  server.registerResource('template', new ResourceTemplate('test://template/{id}/data', { list: undefined }), { mimeType: 'application/json' }, async (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) }],
  }))
  server.server.setRequestHandler('resources/subscribe', () => ({}))
  server.server.setRequestHandler('resources/unsubscribe', () => ({}))
}

function registerPrompts(server: McpServer): void {
  const asks = (...contents: readonly (ReturnType<typeof text> | ReturnType<typeof embedded> | typeof image)[]) => ({ messages: contents.map((content) => ({ role: 'user', content }) as const) })
  const texts = <Name extends string>(...names: readonly Name[]) =>
    fromJsonSchema<Record<Name, string>>({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: name }])), required: [...names] })
  server.registerPrompt('test_simple_prompt', { description: 'Without arguments' }, () => asks(text('This is a simple prompt for testing.')))
  server.registerPrompt('test_prompt_with_arguments', { description: 'With arguments', argsSchema: texts('arg1', 'arg2') }, ({ arg1, arg2 }) =>
    asks(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)))
  server.registerPrompt('test_prompt_with_embedded_resource', { description: 'With a resource', argsSchema: texts('resourceUri') }, ({ resourceUri }) =>
    asks(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'), text('Please process the embedded resource above.')))
  server.registerPrompt('test_prompt_with_image', { description: 'With an image' }, () => asks(image, text('Please analyze the image above.')))
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: ['paris', 'park'], total: 2, hasMore: false } }))
}

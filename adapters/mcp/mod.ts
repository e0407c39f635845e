/** `tidemark/mcp`: a Tidemark as an MCP server. */
export { createMcpServer } from './server.ts'
export type { McpServerOptions } from './lazy-server.ts'
export { runStdioServer } from './stdio.ts'
export type { StdioServerOptions } from './stdio-server.ts'
export { runHttpServer, type HttpServerOptions } from './http.ts'
export { createMcpHttpHandler, type McpHttpHandlerOptions } from './http-handler.ts'
export type { McpHttpHandler } from './http/guarded-handler.ts'
export { toolsetNames, type Toolset } from './toolsets.ts'

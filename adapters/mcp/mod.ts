/** `tidemark/mcp`: a Tidemark as an MCP server. */
export { createMcpServer, type McpServerOptions } from './server.ts'
export { runStdioServer, type StdioServerOptions } from './stdio.ts'

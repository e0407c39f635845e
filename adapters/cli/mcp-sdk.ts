/**
 * What of the MCP SDK `tidemark serve` speaks with. The build makes one file of it: read from its own 120, the SDK is half of what a client
 * waits for. Programs that import `tidemark/mcp` are served by the SDK that they have, because the SDK tells a server by its class.
 */
export { McpServer } from '@modelcontextprotocol/server'
export { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'

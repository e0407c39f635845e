/** Answers of the HTTP server to requests that never reach a tool: JSON-RPC errors that repeat nothing of what was sent. */

/** Of JSON-RPC: left to implementations. The HTTP status says the rest. */
const serverError = -32_000

export function refused(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: serverError, message } }, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}

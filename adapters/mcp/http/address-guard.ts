/**
 * Which names a server answers to, and which web pages may talk to it. Against DNS rebinding: a page that a browser loaded
 * from somewhere else, under a name that now means this machine, is told by the `Host` and `Origin` headers that it cannot forge.
 */
import { TidemarkError } from '../../../src/errors.ts'
import { refused } from './refused.ts'

export interface AddressGuardOptions {
  /** Names, without port, besides those of the loopback address. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Origins of web pages (`https://app.example.com`) besides those of the loopback address; these may read the answers, too (CORS). */
  readonly allowedOrigins?: readonly string[] | undefined
}

export interface AddressGuard {
  /** The answer to a request that may not go on, to one that only asks whether it may, and else undefined. */
  check(request: Request): Response | undefined
  /** The answer with what lets the page read it that asked. */
  readable(request: Request, response: Response): Response
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * @throws TidemarkError `configuration_invalid` for a name or origin that could never match
 */
export function createAddressGuard({ allowedHosts = [], allowedOrigins = [] }: AddressGuardOptions): AddressGuard {
  const hosts = new Set([...loopbackNames, ...allowedHosts.map(hostName)])
  const origins = new Set(allowedOrigins.map(originOf))
  return {
    check(request) {
      // A request that came in as a URL (HTTP/2) has no such header.
      if (!hosts.has(hostnameOf(request.headers.get('host') ?? new URL(request.url).host))) return refused(403, 'This server is not known under this host name')
      const origin = request.headers.get('origin')
      if (origin === null) return undefined
      if (!origins.has(origin) && !isLoopbackOrigin(origin)) return refused(403, 'Pages of this origin may not use this server')
      if (request.method !== 'OPTIONS' || !origins.has(origin)) return undefined
      return new Response(null, {
        status: 204,
        headers: {
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'Authorization, Content-Type, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID',
          'Access-Control-Max-Age': '600',
        },
      })
    },
    readable(request, response) {
      const origin = request.headers.get('origin')
      if (origin !== null && origins.has(origin)) {
        response.headers.set('Access-Control-Allow-Origin', origin)
        response.headers.set('Access-Control-Expose-Headers', 'WWW-Authenticate, Retry-After, MCP-Protocol-Version, Mcp-Session-Id')
        response.headers.append('Vary', 'Origin')
      }
      return response
    },
  }
}

function hostnameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}

/** Programs on this machine show their pages on any port. */
function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && loopbackNames.includes(new URL(origin).hostname)
}

function hostName(text: string): string {
  const name = text.trim().toLowerCase()
  // An IPv6 address is written without brackets by most people.
  const bracketed = /^[\da-f]*:[\da-f:]*:[\da-f:.]*$/.test(name) ? `[${name}]` : name
  if (hostnameOf(bracketed) !== bracketed || bracketed.includes('*')) throw unusable('an allowed host', 'It must be a name or address without scheme, port or path.', 'mcp.example.com')
  return bracketed
}

function originOf(text: string): string {
  const origin = text.trim().replace(/\/$/, '')
  if (!URL.canParse(origin) || new URL(origin).origin !== origin.toLowerCase()) throw unusable('an allowed origin', 'It must be scheme and host, with a port where there is one, and no path.', 'https://app.example.com')
  return origin.toLowerCase()
}

function unusable(what: string, why: string, example: string): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot use ${what}`, { why, next: `Give it like ${example}.` })
}

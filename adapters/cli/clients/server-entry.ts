/** How a client starts the MCP server: the package as npm installs it, or the checkout that is running now. */

export interface ServerEntry {
  readonly command: string
  readonly args: readonly string[]
}

export interface EntryOptions {
  /** The file that was started, where the command runs from a checkout. */
  readonly script?: string | undefined
  /** Default that of Linux and macOS. On Windows a program cannot start `npx` by its name alone. */
  readonly platform?: NodeJS.Platform | undefined
}

/** @param args behind `serve`; never a secret, since other programs can read the arguments of a process */
export function serverEntry(args: readonly string[], { script, platform }: EntryOptions = {}): ServerEntry {
  if (script !== undefined) return { command: 'node', args: [script, 'serve', ...args] }
  const npx = ['-y', 'tidemark', 'serve', ...args]
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...npx] } : { command: 'npx', args: npx }
}

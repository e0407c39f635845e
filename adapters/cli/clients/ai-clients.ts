/** The AI clients that can be set up by hand from `docs/clients.md` or by `tidemark setup`: both are made from this list. */
import path from 'node:path'
import type { AiClient, Machine } from './ai-client.ts'

export const aiClients: readonly AiClient[] = [
  {
    key: 'claude-desktop',
    title: 'Claude Desktop',
    file: (machine) => path.join(applicationData(machine), 'Claude', 'claude_desktop_config.json'),
    place: '`~/Library/Application Support/Claude/claude_desktop_config.json` (macOS), `%APPDATA%\\Claude\\claude_desktop_config.json` (Windows)',
    format: 'json',
    section: 'mcpServers',
    shared: false,
    nextStep: 'Quit and start Claude Desktop.',
  },
  {
    key: 'claude-code',
    title: 'Claude Code',
    file: ({ cwd }) => path.join(cwd, '.mcp.json'),
    place: '`.mcp.json` in the project, which others share',
    format: 'json',
    section: 'mcpServers',
    extra: { type: 'stdio' },
    shared: true,
    nextStep: 'Start claude in this folder and allow the server.',
  },
  {
    key: 'cursor',
    title: 'Cursor',
    file: ({ home }) => path.join(home, '.cursor', 'mcp.json'),
    place: '`~/.cursor/mcp.json`',
    format: 'json',
    section: 'mcpServers',
    shared: false,
    nextStep: 'Switch the server on in the settings of Cursor.',
  },
  {
    key: 'vscode',
    title: 'VS Code',
    file: ({ cwd }) => path.join(cwd, '.vscode', 'mcp.json'),
    place: '`.vscode/mcp.json` in the project, which others share',
    format: 'json',
    section: 'servers',
    extra: { type: 'stdio' },
    shared: true,
    nextStep: 'Open the file in VS Code and choose Start.',
  },
  {
    key: 'codex',
    title: 'Codex',
    file: ({ home, env }) => path.join(env['CODEX_HOME'] || path.join(home, '.codex'), 'config.toml'),
    place: '`~/.codex/config.toml`',
    format: 'toml',
    section: 'mcp_servers',
    shared: false,
    nextStep: 'Start codex again.',
  },
  {
    key: 'gemini',
    title: 'Gemini CLI',
    file: ({ home }) => path.join(home, '.gemini', 'settings.json'),
    place: '`~/.gemini/settings.json`',
    format: 'json',
    section: 'mcpServers',
    shared: false,
    nextStep: 'Start gemini again.',
  },
]

function applicationData({ home, platform, env }: Machine): string {
  switch (platform) {
    case 'darwin': return path.join(home, 'Library', 'Application Support')
    case 'win32': return env['APPDATA'] || path.join(home, 'AppData', 'Roaming')
    default: return env['XDG_CONFIG_HOME'] || path.join(home, '.config')
  }
}

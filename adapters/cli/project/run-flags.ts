/** What upgrade and downgrade have in common on the command line. */
import type { Command } from 'commander'
import { countValue } from '../flag-values.ts'

export interface RunFlags {
  readonly dryRun?: true
  readonly yes?: true
  /** In seconds. */
  readonly lockTimeout?: number | undefined
}

export function runFlags(command: Command): Command {
  return command
    .option('--dry-run', 'say what would be done, change nothing')
    .option('--yes', 'do not ask before data is lost')
    .option('--lock-timeout <seconds>', 'how long to wait for another runner (default: 60); exit code 4 when it does not finish', countValue)
}

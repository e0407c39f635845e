/** What upgrade and downgrade have in common on the command line. */
import { Option, type Command } from 'commander'
import { count } from '../../../src/answers/figures.ts'
import type { MigrationProgress, RunOptions, TransactionMode } from '../../../src/migrate/migration-plan.ts'
import { countValue } from '../flag-values.ts'
import type { Invocation } from '../invocation.ts'
import { withProgress } from '../step-progress.ts'

export interface RunFlags {
  readonly dryRun?: true
  readonly sql?: true
  readonly rehearse?: true
  readonly yes?: true
  /** In seconds. */
  readonly lockTimeout?: number | undefined
  readonly transaction?: TransactionMode | undefined
}

const transactionModes: readonly TransactionMode[] = ['each', 'all', 'none']

export function runFlags(command: Command): Command {
  return command
    .option('--dry-run', 'say what would be done, change nothing')
    .option('--sql', 'print the script instead and touch no database; the target can be a range A:B')
    .option('--rehearse', 'run it on a copy of the database first, and tell what becomes of the rows; with --dry-run only there')
    .option('--yes', 'do not ask before data is lost')
    .option('--lock-timeout <seconds>', 'how long to wait for another runner (default: 60); exit code 4 when it does not finish', countValue)
    .addOption(new Option('--transaction <mode>', 'each: one a revision (default); all: everything or nothing; none: each operation commits by itself').choices(transactionModes))
}

/** Runs with what the flags say, shows how far it is on a terminal, and stops when the person wants to. */
export async function running<R>(invocation: Invocation, { transaction }: RunFlags, run: (options: RunOptions) => Promise<R>): Promise<R> {
  return withProgress(invocation, (show) =>
    run({ transaction, signal: invocation.io.signal, onProgress: ({ index, total, ...progress }) => show({ index, total, what: describe(progress) }) }))
}

/** `02bc5b2abef8 add posts: insert posts, 2,000 of 50,000 rows`. */
function describe({ revision, message, operation, rows, ofRows }: Omit<MigrationProgress, 'index' | 'total'>): string {
  const share = rows === undefined ? '' : `, ${count(rows)}${ofRows === undefined ? '' : ` of ${count(ofRows)}`} rows`
  return `${revision} ${message}${operation === undefined ? '' : `: ${operation}`}${share}`
}

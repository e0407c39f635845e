/** How far an upgrade or downgrade is, on standard error, where a person looks at it; elsewhere nothing is written. */
import { SingleBar } from 'cli-progress'
import type { MigrationProgress } from '../../src/migrate/migration-plan.ts'
import type { Invocation } from './invocation.ts'
import { cleanText } from './render/clean-text.ts'
import { cutToWidth } from './render/display-width.ts'
import { count } from './render/figures.ts'

export interface MigrationProgressDisplay {
  readonly show: ((progress: MigrationProgress) => void) | undefined
  /** Takes the bar away. */
  stop(): void
}

export function migrationProgress(invocation: Invocation): MigrationProgressDisplay {
  if (!invocation.err.interactive || invocation.flags.json === true) return { show: undefined, stop: () => undefined }
  const bar = new SingleBar({
    stream: invocation.io.stderr, format: `{bar} {value} of {total}  {what}`, barsize, barCompleteChar: '█', barIncompleteChar: '░', hideCursor: true, clearOnComplete: true,
  })
  let started = false
  return {
    show: (progress) => {
      const what = cutToWidth(describe(progress), invocation.err.width - barsize - 16)
      if (!started) bar.start(progress.total, 0, { what })
      started = true
      bar.update(progress.index - 1, { what })
    },
    stop: () => bar.stop(),
  }
}

const barsize = 20

/** `02bc5b2abef8 add posts: insert posts, 2,000 of 50,000 rows`. */
function describe({ revision, message, operation, rows, ofRows }: MigrationProgress): string {
  const share = rows === undefined ? '' : `, ${count(rows)}${ofRows === undefined ? '' : ` of ${count(ofRows)}`} rows`
  return cleanText(`${revision} ${message}${operation === undefined ? '' : `: ${operation}`}${share}`)
}

/** `tidemark migrate verify`: runs every revision up, down and up again on databases of its own. Touches no other. */
import { Option, type Command } from 'commander'
import { counted } from '../../../../src/answers/figures.ts'
import { isTidemarkError } from '../../../../src/errors.ts'
import { openShadow, type Shadows } from '../../../../src/migrate/shadow.ts'
import { verifyRevisions, type VerifiedRevision, type VerifyReport } from '../../../../src/migrate/verify/verify-revisions.ts'
import type { Dialect } from '../../../../src/storage/storage.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { exitCode } from '../../io.ts'
import { readProject } from '../../project/project.ts'
import { withShadows } from '../../project/shadow-room.ts'
import { bullets, renderPage, section } from '../../render/page.ts'
import { renderTable, type Column } from '../../render/table.ts'
import type { Style, Terminal } from '../../render/terminal.ts'
import { withProgress } from '../../step-progress.ts'

interface VerifyFlags {
  readonly revRange?: string | undefined
  readonly engine: 'both' | Dialect
  readonly verbose?: true
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Runs every revision up, down and up again with rows in every table, on databases in memory, and says of each: lossless, lossy on purpose, irreversible on purpose, or broken. Exit code 1 when one is broken, or the end is not what is declared.')
    .option('-r, --rev-range <a:b>', 'only these get a verdict; what they stand on is run all the same')
    .addOption(new Option('--engine <engine>', 'what it is tried on').choices(['both', 'sqlite', 'postgres']).default('both'))
    .option('-v, --verbose', 'what each verdict rests on')
    .addHelpText('after', examples(['tidemark migrate verify', 'tidemark migrate verify -r 02bc: --engine sqlite', 'tidemark migrate verify --json']))
    .action(async ({ revRange, engine, verbose }: VerifyFlags) => {
      const project = await readProject(invocation)
      await project.prepare(project.revisions.map(({ id }) => id))
      const schema = await project.schema()
      const report = await withShadows(undefined, async (all) => {
        const shadows = await chosen(invocation, all, engine)
        return withProgress(invocation, (show) => verifyRevisions({
          revisions: project.revisions, schema, include: project.include, shadows, range: revRange, signal: invocation.io.signal,
          onProgress: ({ revision, message, engine, index, total }) => show({ index, total, what: `${engine}: ${revision} ${message}` }),
        }))
      })
      if (!isProven(report)) invocation.exit = exitCode.failed
      invocation.answer(report, (terminal, value) => renderReport(terminal, value, verbose === true))
    })
}

async function chosen(invocation: Invocation, { sqlite, postgres }: Shadows, engine: VerifyFlags['engine']): Promise<Shadows> {
  if (engine === 'sqlite') return { sqlite }
  if (engine === 'postgres') return { postgres }
  try {
    // Stays warm for what comes.
    await (await openShadow({ postgres }, 'postgres')).close()
    return { sqlite, postgres }
  } catch (error) {
    if (!isTidemarkError(error, 'engine_missing')) throw error
    invocation.note(`${invocation.err.style('yellow', 'Tried on SQLite only:')} PostgreSQL needs the package @electric-sql/pglite. Say --engine sqlite to leave it out on purpose.`)
    return { sqlite }
  }
}

function isProven({ revisions, ends }: VerifyReport): boolean {
  return revisions.every(({ verdict }) => verdict !== 'broken') && ends.every(({ equal }) => equal)
}

function renderReport(terminal: Terminal, { revisions, ends }: VerifyReport, verbose: boolean): string {
  if (revisions.length === 0) return 'There are no revisions to verify.\n'
  const broken = revisions.filter(({ verdict }) => verdict === 'broken').length
  const apart = ends.filter(({ equal }) => !equal)
  return renderPage([
    renderTable(terminal, columns, revisions),
    ...revisions.map(({ id, engine, verdict, details }) => (verdict === 'broken' || verbose ? section(terminal, `${id} on ${engine}`, bullets(terminal, details)) : '')),
    ...apart.map(({ engine, details }) => section(terminal, `At the end on ${engine}`, bullets(terminal, details))),
    broken + apart.length === 0 ? `${counted(revisions.length, 'verdict')}, none broken.\n` : `${counted(broken, 'verdict')} of ${revisions.length} broken${apart.length === 0 ? '' : '; the end is not what is declared'}.\n`,
  ])
}

const styles: Readonly<Record<VerifiedRevision['verdict'], Style>> = { lossless: 'green', lossy: 'yellow', irreversible: 'yellow', broken: 'red' }

const columns: readonly Column<VerifiedRevision>[] = [
  { head: 'Revision', text: ({ id }) => id },
  { head: 'Engine', text: ({ engine }) => engine },
  { head: 'Verdict', text: ({ verdict }) => verdict, style: ({ verdict }) => styles[verdict] },
  { head: 'Details', shrinks: true, text: ({ verdict, details }) => (verdict === 'broken' ? 'see below' : (details[0] ?? '')) },
]

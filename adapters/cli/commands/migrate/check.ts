/** `tidemark migrate check`: whether declared schema, revisions and database agree, and the index with the folder. Changes nothing. */
import path from 'node:path'
import type { Command } from 'commander'
import { describeComparison, describeFinding, type CheckReport } from '../../../../src/migrate/check-report.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { exitCode } from '../../io.ts'
import { readProject, type ProjectFiles } from '../../project/project.ts'
import { readRevisionIndex } from '../../project/revision-index.ts'
import { withShadows } from '../../project/shadow-room.ts'
import { migratorOn, withMigrator } from '../../project/with-migrator.ts'
import { bullets, renderPage, section } from '../../render/page.ts'
import type { Terminal } from '../../render/terminal.ts'

interface Checked extends CheckReport {
  /** The list of revisions for bundles; null for Tidemark itself. */
  readonly index: { readonly file: string; readonly state: 'current' | 'stale' | 'missing' } | null
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Compares the declared schema, what the revisions make on a database in memory, and the database. Exit code 1 when any two disagree, the database is behind, there are several heads, or migrations/index.ts is stale.')
    .option('-v, --verbose', 'also what could not be compared, and which tables were left alone')
    .addHelpText('after', examples(['tidemark migrate check', 'tidemark migrate check --json']))
    .action(async ({ verbose }: { readonly verbose?: true }) => {
      const project = await readProject(invocation)
      await project.prepare(project.revisions.map(({ id }) => id))
      const schema = await project.schema()
      const report = await withMigrator(invocation, project, {}, (_migrator, storage) =>
        withShadows(storage, (shadows) => migratorOn(invocation, project, storage, { schema, shadows }).check()))
      const index = project.files === null ? null : await indexState(project.files)
      const ok = report.ok && (index === null || index.state === 'current')
      if (!ok) invocation.exit = exitCode.failed
      invocation.answer({ ...report, ok, index }, (terminal, checked) => renderChecked(terminal, checked, verbose === true))
    })
}

async function indexState(files: ProjectFiles): Promise<NonNullable<Checked['index']>> {
  const { path: file, text, found } = await readRevisionIndex(files)
  return { file, state: found === null ? 'missing' : found === text ? 'current' : 'stale' }
}

function renderChecked(terminal: Terminal, { ok, current, findings, comparisons, leftAlone, index }: Checked, verbose: boolean): string {
  const stale = index === null || index.state === 'current' ? [] : [`${path.basename(index.file)} is ${index.state}: it does not list the revisions of the folder. Run \`tidemark migrate init\`.`]
  const notComparable = comparisons.flatMap((comparison) => comparison.notComparable).filter(({ differs }) => differs !== true).map(({ object, why }) => `${object}: ${why}`)
  return renderPage([
    ...(ok ? [`In order: the database stands at ${current.join(', ') || 'no revision'}, and ${comparisons.length > 1 ? 'schema, revisions and database agree' : 'it agrees with its revisions'}.\n`] : []),
    section(terminal, 'Found', bullets(terminal, [...findings.map(describeFinding), ...stale])),
    ...comparisons.map(describeComparison).map(([heading = '', ...lines]) => section(terminal, heading, bullets(terminal, lines.map((line) => line.trim())))),
    verbose ? section(terminal, 'Not comparable', bullets(terminal, [...new Set(notComparable)])) : '',
    verbose ? section(terminal, 'Left alone, since neither the schema nor a revision names them', bullets(terminal, leftAlone)) : '',
  ])
}

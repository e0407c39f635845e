/** `tidemark migrate lint`: what of the revisions destroys data, fails, or makes others wait, before they are run. */
import type { Command } from 'commander'
import { counted } from '../../../../src/answers/figures.ts'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import type { Finding, LintResult, Severity } from '../../../../src/migrate/lint/finding.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { exitCode } from '../../io.ts'
import { lintOf, revisionsOf } from '../../project/lint-of.ts'
import { readProject, type Project } from '../../project/project.ts'
import { withMigrator } from '../../project/with-migrator.ts'
import { bullets, renderPage, section } from '../../render/page.ts'
import type { Style, Terminal } from '../../render/terminal.ts'

interface LintFlags {
  readonly revRange?: string | undefined
  readonly strict?: true
  readonly verbose?: true
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Says what of the revisions that are not applied yet destroys data, fails or makes others wait, with the rows that the database has. Given a range, it opens no database, and every table counts as large. Exit code 1 on errors. An excuse stands above the operation: // lint-allow RULE: reason')
    .option('-r, --rev-range <a:b>', 'these revisions instead')
    .option('--strict', 'exit code 1 on warnings, too')
    .option('-v, --verbose', 'also what is excused, with the reason')
    .addHelpText('after', examples(['tidemark migrate lint', 'tidemark migrate lint --strict --json', 'tidemark migrate lint -r 02bc:head']))
    .action(async ({ revRange, strict, verbose }: LintFlags) => {
      const project = await readProject(invocation)
      const result = revRange === undefined ? await lintPending(invocation, project) : await lintRange(project, revRange)
      const fails: readonly Severity[] = strict === true ? ['error', 'warning'] : ['error']
      if (result.findings.some(({ severity }) => fails.includes(severity))) invocation.exit = exitCode.failed
      invocation.answer(result, (terminal, { findings, excused }) => renderFindings(terminal, { findings, excused: verbose === true ? excused : [] }))
    })
}

async function lintPending(invocation: Invocation, project: Project): Promise<LintResult> {
  return withMigrator(invocation, project, {}, async (migrator, storage) => {
    const { steps } = await migrator.plan('heads', 'upgrade')
    return lintOf(project, steps.map(({ revision }) => revision), { dialect: storage.dialect, live: storage })
  })
}

async function lintRange(project: Project, range: string): Promise<LintResult> {
  const graph = new RevisionGraph(project.revisions)
  const wanted = new Set(graph.history(range))
  const ids = graph.ids().filter((id) => wanted.has(id))
  const before = graph.ids().filter((id) => !wanted.has(id) && ids.some((above) => graph.upgradePath([], above).includes(id)))
  await project.prepare(before)
  return lintOf(project, ids, { dialect: project.database().engine === 'sqlite' ? 'sqlite' : 'postgres', earlier: revisionsOf(project, before) })
}

const styles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', notice: 'cyan' }

function renderFindings(terminal: Terminal, { findings, excused }: LintResult): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length
  const heading = ({ severity, rule, revision, operation }: Finding) => `${terminal.style(styles[severity], severity)}  ${rule}  ${terminal.style('dim', `${revision}: ${operation}`)}`
  return renderPage([
    ...findings.map((finding) => `${heading(finding)}\n${bullets(terminal, [finding.why, `Safer: ${finding.safer}`], () => ' ')}`),
    section(terminal, 'Excused', bullets(terminal, excused.map(({ rule, revision, operation, reason }) => `${rule}, ${revision}: ${operation}: ${reason}`))),
    findings.length === 0 ? 'Nothing found.\n' : `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('notice'), 'notice')}.\n`,
  ])
}

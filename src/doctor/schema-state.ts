/** Where the database stands among the revisions of this program, and whether its tables are what these make. */
import { describeComparison, type CheckFinding, type CheckReport } from '../migrate/check-report.ts'
import { check, type Finding } from './finding.ts'

export interface SchemaState {
  readonly findings: readonly Finding[]
  /** The tables are those that this program knows: what is in them can be looked at. */
  readonly isUsable: boolean
}

const revision = check('database', 'revision')
const drift = check('database', 'schema')
const mostDifferences = 5

export function schemaState(report: CheckReport): SchemaState {
  const { current, findings, comparisons } = report
  if (current.length === 0 && !findings.some(({ kind }) => kind === 'halfWay')) {
    const hasTables = comparisons.some(({ from, to, agree }) => from === 'revisions' && to === 'database' && !agree)
    return { findings: [hasTables ? unnoted() : empty()], isUsable: false }
  }
  const problem = findings.map(positionProblem).find((found) => found !== undefined)
  const position = problem ?? revision.ok(`At the newest revision (${current.join(', ')})`)
  return { findings: [position, driftOf(report)], isUsable: problem === undefined }
}

function empty(): Finding {
  return revision.warning('The database is empty: no revision is applied', 'No command has made its tables yet.', 'Run "tidemark sync": it makes them and fills them.')
}

function unnoted(): Finding {
  return revision.failed(
    'Tables are there, but no revision is noted', 'The table that says where the database stands is lost, as after half a restore, or another program has made them.',
    'Restore all of a backup, or move the database away and run "tidemark sync". If nothing but that is lost, "tidemark migrate stamp heads" notes it again.',
  )
}

function positionProblem(finding: CheckFinding): Finding | undefined {
  switch (finding.kind) {
    case 'behind': {
      const { length } = finding.missing
      return revision.warning(
        `The database is behind: ${length} ${length === 1 ? 'revision is' : 'revisions are'} pending`,
        `${finding.missing.join(', ')} ${length === 1 ? 'is' : 'are'} not applied.`,
        'Run "tidemark migrate upgrade"; the next command that opens the database does the same, unless migrations are skipped.',
      )
    }
    case 'unknownRevisions':
      return revision.failed(
        'The database is ahead of this program', `It stands at ${finding.revisions.join(', ')}, which a newer Tidemark has made.`,
        'Use a Tidemark at least as new as the one that made it: npx tidemark@latest doctor.',
      )
    case 'halfWay':
      return revision.failed(
        'A migration ended half-way', `The ${finding.halfWay.direction} of revision ${finding.halfWay.revision} was not finished.`,
        `Run "tidemark migrate ${finding.halfWay.direction}" to go on.`,
      )
    default:
      return undefined
  }
}

function driftOf({ comparisons, findings }: CheckReport): Finding {
  const unmakeable = findings.find((finding) => finding.kind === 'revisionNotRunnable' || finding.kind === 'schemaNotBuildable')
  const compared = comparisons.find(({ from, to }) => from === 'revisions' && to === 'database')
  if (compared === undefined) {
    return drift.skipped('Tables, columns and indexes were not compared', unmakeable?.why ?? 'What unknown or unfinished revisions make cannot be told.')
  }
  if (!compared.agree) {
    const [, ...differences] = describeComparison(compared).map((line) => line.trim())
    const more = differences.length - mostDifferences
    return drift.failed(
      'The tables are not what the revisions make',
      `${differences.slice(0, mostDifferences).join('; ')}${more > 0 ? `; and ${more} more` : ''}. Another program has changed them.`,
      'See "tidemark migrate check". Undo that change, or move the database away and run "tidemark sync", which reads all of it again.',
    )
  }
  return drift.ok('Tables, columns and indexes are what the revisions make')
}

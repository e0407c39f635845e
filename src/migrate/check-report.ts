/** What a check answers, as data that survives JSON, and the same in words. */
import { describeDifference } from '../schema/describe-difference.ts'
import type { NotComparable, SchemaDifference } from '../schema/difference.ts'
import type { HalfWay } from './migration-plan.ts'

/** The three places where a schema stands: declared, made by the revisions on a shadow, in the live database. */
export type SchemaParty = 'schema' | 'revisions' | 'database'

/** Whether two of the three agree. */
export interface CheckComparison {
  readonly from: SchemaParty
  readonly to: SchemaParty
  /** The revisions that count as applied, where `from` is the revisions. */
  readonly at?: readonly string[] | undefined
  readonly agree: boolean
  /** What leads from the one to the other. */
  readonly differences: readonly SchemaDifference[]
  /** With `differs` only between revisions and database: a declaration never has such things. */
  readonly notComparable: readonly NotComparable[]
}

/** Something that is not in order. */
export type CheckFinding =
  | { readonly kind: 'behind'; /** In the order in which they would be applied. */ readonly missing: readonly string[] }
  | { readonly kind: 'severalHeads'; readonly heads: readonly string[] }
  | { readonly kind: 'unknownRevisions'; readonly revisions: readonly string[] }
  | { readonly kind: 'halfWay'; readonly halfWay: HalfWay }
  /** An applied revision would do something else today: `changes` says what, one line for each operation. */
  | { readonly kind: 'revisionChanged'; readonly revision: string; readonly changes: readonly string[] }
  /** A revision cannot be run on a shadow, so nothing can be said of the schema that it makes. */
  | { readonly kind: 'revisionNotRunnable'; readonly revision: string; readonly why: string }
  | { readonly kind: 'schemaNotBuildable'; readonly why: string }

/** Whether declared schema, revisions and database agree. */
export interface CheckReport {
  /** False when anything was found or any two disagree. */
  readonly ok: boolean
  /** Rows of the version table. */
  readonly current: readonly string[]
  readonly heads: readonly string[]
  readonly findings: readonly CheckFinding[]
  /** Those that could be made: without a declared schema one, half-way none with the database. */
  readonly comparisons: readonly CheckComparison[]
  /** Applied revisions of which nobody can say whether they have changed. They do not count. */
  readonly revisionsNotComparable: readonly { readonly revision: string; readonly reason: string }[]
  /** Live tables that neither the schema nor the revisions know, sorted. They do not count. */
  readonly leftAlone: readonly string[]
}

/** One line, and what to do about it. */
export function describeFinding(finding: CheckFinding): string {
  switch (finding.kind) {
    case 'behind':
      return `The database is behind: ${finding.missing.join(', ')} ${finding.missing.length === 1 ? 'is' : 'are'} not applied. Run \`tidemark migrate upgrade\`.`
    case 'severalHeads':
      return `There are several heads: ${finding.heads.join(', ')}. Run \`tidemark migrate merge ${finding.heads.join(' ')} -m TEXT\`.`
    case 'unknownRevisions':
      return `The database stands at ${finding.revisions.join(', ')}, which is not among the revisions. Use the program that has it.`
    case 'halfWay':
      return `The ${finding.halfWay.direction} of revision ${finding.halfWay.revision} ended half-way. Run \`tidemark migrate ${finding.halfWay.direction}\` to go on.`
    case 'revisionChanged':
      return `Revision ${finding.revision} was changed after it was applied: ${finding.changes.join('; ')}. Restore it, and put the change into a new revision.`
    case 'revisionNotRunnable':
      return `Revision ${finding.revision} cannot be run on an empty database: ${finding.why} Give a shadow that has what it needs, or correct the revision.`
    case 'schemaNotBuildable':
      return `The declared schema cannot be made on an empty database: ${finding.why} Give a shadow that has what it needs, or correct the schema.`
    default:
      throw new TypeError(`unknown finding ${JSON.stringify(finding satisfies never)}`)
  }
}

/** A heading and one line for each difference; nothing where the two agree. */
export function describeComparison({ from, to, agree, differences, notComparable }: CheckComparison): readonly string[] {
  const undeclared = notComparable.filter((item) => item.differs === true).map(({ object, why }) => `${object}: ${why}`)
  return agree ? [] : [headings[`${from} ${to}`] ?? `${from} and ${to} disagree:`, ...[...differences.map(describeDifference), ...undeclared].map((line) => `  ${line}`)]
}

const headings: Readonly<Record<string, string>> = {
  'revisions schema': 'The schema declares what no revision makes yet; run `tidemark migrate revision --autogenerate`:',
  'revisions database': 'The database differs from what its revisions make (drift):',
  'database schema': 'From the database to the declared schema:',
}

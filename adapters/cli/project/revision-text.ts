/** A revision for people and programs: the facts about it, in one line or on a page. Reads nothing. */
import { minute } from '../../../src/answers/figures.ts'
import type { RevisionGraph } from '../../../src/migrate/graph.ts'
import type { Revision } from '../../../src/migrate/revision.ts'
import { cleanText } from '../render/clean-text.ts'
import { facts } from '../render/page.ts'
import type { Terminal } from '../render/terminal.ts'
import type { Project } from './project.ts'

/** What `--json` says of a revision. */
export interface RevisionFacts {
  readonly id: string
  /** Parents: none for a base, several for a merge. */
  readonly down: readonly string[]
  readonly children: readonly string[]
  readonly dependsOn: readonly string[]
  /** Own labels, and those of its branch. */
  readonly labels: readonly string[]
  readonly message: string
  readonly createdAt: string
  readonly isHead: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  readonly transaction: boolean
  readonly lossy: string | null
  readonly irreversible: string | null
  /** Null for a revision that comes with the program. */
  readonly file: string | null
}

/** Gives the facts about revisions of a project by their ids. */
export function factsAbout(project: Project, graph: RevisionGraph): (id: string) => RevisionFacts {
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]))
  const children = new Map<string, string[]>()
  for (const { id, down } of project.revisions) for (const parent of down) children.set(parent, [...(children.get(parent) ?? []), id])
  return (id) => {
    const revision = byId.get(id)
    if (revision === undefined) throw new RangeError(`Unknown revision ${JSON.stringify(id)}`)
    return factsOf(revision, children.get(id) ?? [], graph.labels(id), project.fileOf(id) ?? null)
  }
}

function factsOf(revision: Revision, children: readonly string[], labels: readonly string[], file: string | null): RevisionFacts {
  const { id, down, dependsOn, message, createdAt, transaction = true, lossy = null, irreversible = null } = revision
  return {
    id, down, children, dependsOn, labels, message, createdAt,
    isHead: children.length === 0, isBranchPoint: children.length > 1, isMergePoint: down.length > 1,
    transaction, lossy, irreversible, file,
  }
}

/** `b1 (posts) (head), add posts`. */
export function revisionLine(terminal: Terminal, revision: RevisionFacts, marks: readonly string[] = []): string {
  return `${terminal.style('yellow', revision.id)}${suffix(terminal, revision, marks)}, ${cleanText(revision.message)}`
}

/** `a1 -> b1 (posts) (head), add posts`. */
export function stepLine(terminal: Terminal, revision: RevisionFacts, marks: readonly string[] = []): string {
  const needed = revision.dependsOn.length === 0 ? '' : ` (and ${revision.dependsOn.join(', ')})`
  return `${revision.down.join(', ') || '<base>'}${needed} -> ${revisionLine(terminal, revision, marks)}`
}

function suffix(terminal: Terminal, { labels, isHead, isBranchPoint, isMergePoint }: RevisionFacts, marks: readonly string[]): string {
  const words = [...(isHead ? ['head'] : []), ...(isBranchPoint ? ['branchpoint'] : []), ...(isMergePoint ? ['mergepoint'] : []), ...marks]
  return [...(labels.length === 0 ? [] : [labels.join(', ')]), ...words].map((word) => ` ${terminal.style(word === 'current' ? 'green' : 'cyan', `(${word})`)}`).join('')
}

/** A page about one revision; `marks` as in the lines. */
export function revisionPage(terminal: Terminal, revision: RevisionFacts, marks: readonly string[] = []): string {
  const heading = `${terminal.style('bold', revision.id)}${suffix(terminal, { ...revision, labels: [] }, marks)}\n`
  const page = facts(terminal, [
    ['Message', revision.message],
    ['Parents', revision.down.join(', ') || '<base>'],
    ['Children', revision.children.join(', ')],
    ['Depends on', revision.dependsOn.join(', ')],
    ['Labels', revision.labels.join(', ')],
    ['Created', `${minute(new Date(revision.createdAt).toISOString())} UTC`],
    ['Transaction', revision.transaction ? null : 'none: each operation commits by itself'],
    ['Way back', revision.irreversible === null ? (revision.lossy === null ? null : `loses data: ${revision.lossy}`) : `none: ${revision.irreversible}`],
  ])
  // Whole, since it is there to be copied.
  return `${heading}${page}${revision.file === null ? '' : `${revision.file}\n`}`
}

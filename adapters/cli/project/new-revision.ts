/** A revision that is about to be written: its place in the history, decided and checked before there is a file. */
import { TidemarkError } from '../../../src/errors.ts'
import { hexOf } from '../../../src/hex.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { nameProblem } from '../../../src/migrate/target-spec.ts'
import type { Project } from './project.ts'

export interface RevisionPlace {
  readonly id: string
  readonly down: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
}

export interface PlaceOptions {
  /** Targets of what it stands on; `base` for a new beginning. */
  readonly parents: readonly string[]
  /** A merge: two parents or more, where otherwise one target names one parent. Default false. */
  readonly several?: boolean | undefined
  /** Lets a parent have other children: the history forks. Default false. */
  readonly splice?: boolean | undefined
  readonly dependsOn?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
  /** Default: twelve random hex digits. */
  readonly id?: string | undefined
}

/**
 * @throws TidemarkError `argument_invalid` when the revision cannot stand there, `revision_target_invalid`
 */
export function placeRevision(project: Project, { parents, several = false, splice = false, dependsOn = [], labels = [], id = randomId(project) }: PlaceOptions): RevisionPlace {
  const graph = new RevisionGraph(project.revisions)
  const down = [...new Set(parents.flatMap((parent) => resolveParents(graph, parent, several)))]
  if (several && down.length < 2) throw refused(`A merge needs two heads or more, and there is ${down.length === 0 ? 'none' : `only ${down.join()}`}.`, 'Look at tidemark migrate heads.')
  const taken = down.find((parent) => !graph.heads().includes(parent))
  if (taken !== undefined && !splice) {
    throw refused(`Revision ${taken} has successors already, so that the history would fork and have one head more.`, several ? 'Name heads only, which tidemark migrate heads lists.' : 'Stand on the head instead (leave out --head), or say --splice to fork on purpose.')
  }
  // It is part of a file name.
  if (/[\\/]/.test(id)) throw refused(`The id "${id}" cannot be used: it holds a separator of folders.`, 'Use letters, digits and "_".')
  refuseName('The id', id)
  for (const label of labels) refuseName('The label', label)
  const place = { id, down, dependsOn: dependsOn.map((name) => resolveDependency(graph, project, name)), labels }
  requireGraph(project, place)
  return place
}

function resolveParents(graph: RevisionGraph, spec: string, several: boolean): readonly string[] {
  // Also those that another one depends on, which a target leaves out: they are heads until something stands on them.
  const ids = spec === 'head' || spec === 'heads' ? graph.heads() : graph.resolve(spec)
  if (ids.length > 1 && !several) throw refused(`"${spec}" names several revisions: ${ids.join(', ')}.`, 'Name one of them with --head, or bring them together first with `tidemark migrate merge heads`.')
  return ids
}

/** A label stays one, so that it goes on to mean what it names. */
function resolveDependency(graph: RevisionGraph, project: Project, name: string): string {
  if (project.revisions.some(({ labels }) => labels.includes(name))) return name
  const [id, ...more] = graph.resolve(name)
  if (id === undefined || more.length > 0) throw refused(`--depends-on ${name} does not name one revision.`, 'Name a revision by its id, or by its label.')
  return id
}

function refuseName(what: string, name: string): void {
  const problem = name.length > 32 ? 'it has more than 32 characters' : nameProblem(name)
  if (problem !== null) throw refused(`${what} "${name}" cannot be used: ${problem}.`, 'Use letters, digits and "_".')
}

function requireGraph(project: Project, place: RevisionPlace): void {
  const holder = project.revisions.find(({ id, labels }) => id === place.id || place.labels.some((label) => label === id || labels.includes(label)))
  if (holder !== undefined) throw refused(`Revision ${holder.id} has the id or the label already.`, 'Choose another one.')
  void new RevisionGraph([...project.revisions, place])
}

function randomId(project: Project): string {
  for (;;) {
    const id = hexOf(crypto.getRandomValues(new Uint8Array(6)))
    if (!project.revisions.some((revision) => revision.id === id)) return id
  }
}

function refused(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot make the revision', { why, next })
}

/**
 * Links revisions to each other and refuses a graph that cannot be walked: after `linkRevisions` every parent and
 * dependency exists, names are unique and nothing needs itself. All of it takes time linear in the size of the graph.
 */
import { TidemarkError } from '../errors.ts'
import { nameProblem } from './target-spec.ts'

/** What the graph needs to know of a revision. */
export interface GraphRevision {
  readonly id: string
  /** Parents: none for a base, several for a merge. Full ids. */
  readonly down: readonly string[]
  /** Full ids or labels of revisions that must be applied before, without being parents. */
  readonly dependsOn?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
}

export interface RevisionNode {
  readonly id: string
  readonly parents: readonly RevisionNode[]
  readonly dependencies: readonly RevisionNode[]
  readonly children: readonly RevisionNode[]
  readonly dependents: readonly RevisionNode[]
  /** Own labels and those that came from other revisions of the branch. */
  readonly labels: ReadonlySet<string>
}

export interface RevisionNodes {
  /** In the order in which they were given. */
  readonly all: readonly RevisionNode[]
  /** So that everything a revision needs stands before it, branch by branch. */
  readonly applied: readonly RevisionNode[]
  /** By id and by label. */
  readonly byName: ReadonlyMap<string, RevisionNode>
}

/** Why a graph was refused, in `details.kind`. */
export type GraphProblem =
  | 'illegal_id'
  | 'illegal_label'
  | 'duplicate_id'
  | 'duplicate_label'
  | 'missing_revision'
  | 'self_loop'
  | 'dependency_self_loop'
  | 'cycle'
  | 'dependency_cycle'

/** @throws TidemarkError `revision_graph_invalid`, with a `GraphProblem` in `details.kind` */
export function linkRevisions(revisions: readonly GraphRevision[]): RevisionNodes {
  const byName = new Map<string, MutableNode>()
  const all = revisions.map((revision) => {
    refuseName(revision.id, 'illegal_id', 'revision id')
    if (byName.has(revision.id)) {
      throw graphError('duplicate_id', [revision.id], `Two revisions have the id "${revision.id}".`, 'Give one of them an id of its own.')
    }
    const node: MutableNode = { id: revision.id, parents: [], dependencies: [], children: [], dependents: [], labels: new Set(revision.labels) }
    byName.set(revision.id, node)
    return node
  })
  addLabels(all, byName)
  revisions.forEach((revision, index) => link(revision, all[index] as MutableNode, byName))
  refuseCycle(all, 'cycle', (node) => node.parents, (node) => node.children)
  refuseCycle(all, 'dependency_cycle', needs, neededBy)
  spreadLabels(all)
  return { all, applied: orderOf(all), byName }
}

/** Parents and dependencies: what must be applied before the revision. */
export function needs(node: RevisionNode): readonly RevisionNode[] {
  return node.dependencies.length === 0 ? node.parents : [...node.parents, ...node.dependencies]
}

/** Children and dependents: what must be undone before the revision. */
export function neededBy(node: RevisionNode): readonly RevisionNode[] {
  return node.dependents.length === 0 ? node.children : [...node.children, ...node.dependents]
}

/** The nodes and everything that can be reached from them. */
export function reach(from: Iterable<RevisionNode>, next: (node: RevisionNode) => readonly RevisionNode[]): Set<RevisionNode> {
  const seen = new Set(from)
  // A set hands out what is added while it is walked, so it is its own queue.
  for (const node of seen) for (const other of next(node)) seen.add(other)
  return seen
}

interface MutableNode extends RevisionNode {
  readonly parents: MutableNode[]
  readonly dependencies: MutableNode[]
  readonly children: MutableNode[]
  readonly dependents: MutableNode[]
  readonly labels: Set<string>
}

function addLabels(all: readonly MutableNode[], byName: Map<string, MutableNode>): void {
  for (const node of all) {
    for (const label of node.labels) {
      refuseName(label, 'illegal_label', 'branch label')
      const holder = byName.get(label)
      if (holder !== undefined) {
        const use = holder.id === label ? `is the id of "${holder.id}"` : `is already used by "${holder.id}"`
        throw graphError('duplicate_label', [holder.id, node.id], `The label "${label}" of revision "${node.id}" ${use}.`, 'A label belongs to one revision; its descendants get it from there.')
      }
      byName.set(label, node)
    }
  }
}

function link(revision: GraphRevision, node: MutableNode, byName: ReadonlyMap<string, MutableNode>): void {
  for (const id of new Set(revision.down)) {
    const parent = byName.get(id)
    if (parent === undefined || parent.id !== id) throw missing(revision.id, id, 'parent')
    if (parent === node) throw graphError('self_loop', [node.id], `Revision "${node.id}" is its own parent.`, 'Correct its "down".')
    node.parents.push(parent)
    parent.children.push(node)
  }
  for (const name of new Set(revision.dependsOn)) {
    const other = byName.get(name)
    if (other === undefined) throw missing(revision.id, name, 'dependency')
    if (other === node) throw graphError('dependency_self_loop', [node.id], `Revision "${node.id}" depends on itself.`, 'Correct its "dependsOn".')
    if (node.parents.includes(other) || node.dependencies.includes(other)) continue
    node.dependencies.push(other)
    other.dependents.push(node)
  }
}

// Peels off what has nothing left before it; what remains leads back into a cycle, and following it names its members.
function refuseCycle(all: readonly RevisionNode[], kind: GraphProblem, before: Neighbours, after: Neighbours): void {
  const left = new Set(all)
  const open = new Map(all.map((node) => [node, before(node).length]))
  const free = all.filter((node) => open.get(node) === 0)
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    left.delete(node)
    for (const other of after(node)) {
      const count = (open.get(other) ?? 0) - 1
      open.set(other, count)
      if (count === 0) free.push(other)
    }
  }
  const path = new Set<RevisionNode>()
  let node = left.values().next().value
  if (node === undefined) return
  for (; !path.has(node); node = before(node).find((other) => left.has(other)) as RevisionNode) path.add(node)
  const trail = [...path]
  const ids = trail.slice(trail.indexOf(node)).map((member) => member.id)
  const verb = kind === 'cycle' ? 'are ancestors of themselves' : 'need each other through dependencies'
  throw graphError(kind, ids, `Revisions ${ids.map((id) => `"${id}"`).join(', ')} ${verb}.`, 'Break the circle at one of them.')
}

type Neighbours = (node: RevisionNode) => readonly RevisionNode[]

// To all descendants, and down to the ancestors of the same unbranched line.
function spreadLabels(all: readonly MutableNode[]): void {
  for (const [node, own] of all.filter(({ labels }) => labels.size > 0).map((labelled) => [labelled, [...labelled.labels]] as const)) {
    const line: MutableNode[] = [...reach([node], ({ children }) => children) as Set<MutableNode>]
    for (let at: MutableNode | undefined = node; at !== undefined && neededBy(at).length <= 1 && at.parents.length <= 1; at = at.parents[0]) line.push(at)
    for (const member of line) for (const label of own) member.labels.add(label)
  }
}

// Depth first, so that a branch stays together. Without recursion: a line of ten thousand revisions is legal.
function orderOf(all: readonly RevisionNode[]): RevisionNode[] {
  const done = new Set<RevisionNode>()
  const stack = all.filter((node) => neededBy(node).length === 0)
  const opened = new Set<RevisionNode>()
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (opened.has(node)) {
      stack.pop()
      done.add(node)
    } else {
      opened.add(node)
      stack.push(...needs(node))
    }
  }
  return [...done]
}

function refuseName(name: string, kind: 'illegal_id' | 'illegal_label', word: string): void {
  const problem = nameProblem(name)
  if (problem !== null) throw graphError(kind, [name], `The ${word} "${name}" cannot be used: ${problem}.`, 'Use letters, digits and "_".')
}

function missing(id: string, name: string, role: 'parent' | 'dependency'): TidemarkError {
  return graphError('missing_revision', [id, name], `Revision "${id}" names the ${role} "${name}", which does not exist.`, 'Add the missing revision, or correct the name.')
}

function graphError(kind: GraphProblem, revisions: readonly string[], why: string, next: string): TidemarkError {
  return new TidemarkError('revision_graph_invalid', 'The revisions do not form a graph that can be applied', { why, next, details: { kind, revisions } })
}

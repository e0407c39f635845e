/**
 * The graph of revisions and every question about it: what a target means, which steps lead there, which rows the
 * version table holds afterwards. Pure: knows no database and no operations. Semantics are Alembic's, less two defects:
 * a bare `-N` with several current heads is refused, and no row ever stands beside a row that contains it.
 * The rows of the version table are always the applied revisions that nothing applied needs.
 */
import { TidemarkError } from '../errors.ts'
import { linkRevisions, neededBy, needs, reach } from './graph-nodes.ts'
import type { GraphRevision, RevisionNode, RevisionNodes } from './graph-nodes.ts'
import { branchOf, lineage, resolveDowngrade, resolveSpec, resolveStamp, resolveUpgrade, targetError } from './graph-targets.ts'
import { splitRevisionRange } from './target-spec.ts'

export type { GraphProblem, GraphRevision } from './graph-nodes.ts'
export type { TargetProblem } from './graph-targets.ts'

/** One target, or several that are all wanted. */
export type RevisionTarget = string | readonly string[]

/** `a:b`, one id for that revision alone, or the two ends. Ends that are left out are `base` and `heads`; both belong to the range. */
export type HistoryRange = string | { readonly base?: RevisionTarget | undefined; readonly head?: RevisionTarget | undefined }

/**
 * The revisions of a history as a graph, and what can be asked of it without a database.
 *
 * @example
 * const graph = new RevisionGraph([
 *   { id: 'a', down: [] },
 *   { id: 'b', down: ['a'] },
 * ])
 * graph.upgradePath([], 'head') // ['a', 'b']
 */
export class RevisionGraph {
  readonly #nodes: RevisionNodes

  /** @throws TidemarkError `revision_graph_invalid`, with a `GraphProblem` in `details.kind` and the ids in `details.revisions` */
  constructor(revisions: readonly GraphRevision[]) {
    this.#nodes = linkRevisions(revisions)
  }

  /** True for the full id of a revision of this graph. */
  has(id: string): boolean {
    return this.#nodes.byName.get(id)?.id === id
  }

  /** All ids, so that everything a revision needs stands before it. */
  ids(): string[] {
    return this.#nodes.applied.map(idOf)
  }

  /** Revisions that are nobody's parent. Dependencies do not count: see `effectiveHeads`. */
  heads(): string[] {
    return this.#nodes.all.filter((node) => node.children.length === 0).map(idOf)
  }

  /** Heads that no revision depends on either: the rows of a database at which there is nothing left to apply. */
  effectiveHeads(): string[] {
    return this.#nodes.all.filter((node) => neededBy(node).length === 0).map(idOf).toSorted()
  }

  /** Revisions without a parent. */
  bases(): string[] {
    return this.#nodes.all.filter((node) => node.parents.length === 0).map(idOf)
  }

  /** Revisions with several children. */
  branchPoints(): string[] {
    return this.#nodes.all.filter((node) => node.children.length > 1).map(idOf)
  }

  /** Revisions with several parents. */
  mergePoints(): string[] {
    return this.#nodes.all.filter((node) => node.parents.length > 1).map(idOf)
  }

  /**
   * Branch labels of a revision, sorted: its own, those of its ancestors, and those that reach down to it along an
   * unbranched line.
   *
   * @throws TidemarkError `revision_target_invalid` when the name is unknown or names none or several revisions
   */
  labels(name: string): string[] {
    return resolveSpec(this.#nodes, name).flatMap((node) => [...node.labels]).toSorted()
  }

  /**
   * The ids that a target names; none for `base`. Relative targets without a symbol count from the heads down (`-1`),
   * and from nothing up (`+1`).
   *
   * @throws TidemarkError `revision_target_invalid`, with a `TargetProblem` in `details.kind`
   */
  resolve(spec: string): string[] {
    return resolveSpec(this.#nodes, spec).map(idOf)
  }

  /**
   * Ids in the order in which they are applied; empty when the target is already contained. `current` is the rows of
   * the version table.
   *
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`
   */
  upgradePath(current: readonly string[], target: RevisionTarget): string[] {
    const rows = this.#rows(current)
    const targets = listOf(target).flatMap((spec) => resolveUpgrade(this.#nodes, rows, spec))
    refuseOverlap(rows, 'current rows', (kept) => `Say where the database stands with \`tidemark migrate stamp ${kept}\`.`)
    refuseOverlap(targets, 'targets', (_, contained) => `Leave out "${contained}".`)
    const applied = reach(rows, needs)
    const wanted = reach(targets, needs)
    return this.#nodes.applied.filter((node) => wanted.has(node) && !applied.has(node)).map(idOf)
  }

  /**
   * Ids in the order in which they are undone: everything applied that descends from the children of the target or
   * depends on such a revision. The target itself stays; of several, all of them.
   *
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`
   */
  downgradePath(current: readonly string[], target: RevisionTarget): string[] {
    const ways = listOf(target).map((spec) => this.#wayDown(current, spec))
    const undone = new Set(ways.flatMap((way) => [...way.undone]))
    const lost = ways.flatMap(({ node }) => (node !== null && undone.has(node) ? [node.id] : []))
    if (lost.length > 0) {
      const why = `On the way to one of them another one is undone: ${lost.map((id) => `"${id}"`).join(', ')}.`
      throw targetError('overlapping_targets', listOf(target).join(' '), why, `Leave out ${lost.map((id) => `"${id}"`).join(', ')}.`, lost)
    }
    return this.#nodes.applied.filter((other) => undone.has(other)).map(idOf).toReversed()
  }

  #wayDown(current: readonly string[], target: string): { readonly node: RevisionNode | null; readonly undone: ReadonlySet<RevisionNode> } {
    const rows = this.#rows(current)
    const { branch, node } = resolveDowngrade(this.#nodes, rows, target)
    // All descend from the base.
    let roots = node === null ? this.#nodes.all : node.children
    if (branch !== null && roots.length > 1) {
      const line = reach([branch], ({ parents }) => parents)
      roots = roots.filter((root) => line.has(root))
      if (roots.length === 0) throw notAncestor(target, current)
    }
    const applied = reach(rows, needs)
    const undone = new Set([...reach(roots, neededBy)].filter((other) => applied.has(other)))
    if (node !== null && undone.size === 0 && !rows.includes(node)) throw notAncestor(target, current)
    return { node, undone }
  }

  /**
   * The rows of the version table after it was told that the database stands at the target. Rows that contain the
   * target or are contained in it give way to it; rows of other branches stay; `base` removes the rows (of a branch,
   * with `label@base`). Sorted.
   *
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`
   */
  stamp(current: readonly string[], target: RevisionTarget): string[] {
    let rows = this.#rows(current)
    const before = rows
    const stamped: RevisionNode[] = []
    for (const spec of listOf(target)) {
      const nodes = resolveStamp(this.#nodes, before, spec)
      const side = branchOf(this.#nodes, spec)
      const replaced = nodes.length > 0 ? related(nodes) : side === null ? new Set(before) : related([side])
      rows = rows.filter((row) => !replaced.has(row))
      stamped.push(...nodes)
    }
    return tips([...rows, ...stamped])
  }

  /**
   * The rows of the version table after the steps were applied (`up`) or undone (`down`). Sorted.
   *
   * @throws TidemarkError `database_unknown_revision`
   */
  headsAfter(current: readonly string[], applied: readonly string[], direction: 'up' | 'down'): string[] {
    const steps = this.#rows(applied)
    if (direction === 'up') return tips([...this.#rows(current), ...steps])
    const left = reach(this.#rows(current), needs)
    for (const step of steps) left.delete(step)
    return tips(left)
  }

  /**
   * Tips of what is applied, those included that have no row because another row depends on them. The same ids as
   * `heads()` exactly when nothing is left to apply. Sorted.
   *
   * @throws TidemarkError `database_unknown_revision`
   */
  current(rows: readonly string[]): string[] {
    const applied = reach(this.#rows(rows), needs)
    return [...applied].filter((node) => !node.children.some((child) => applied.has(child))).map(idOf).toSorted()
  }

  /**
   * Ids of the range, newest first, both ends included. Relative ends count from the other one (`a:+2`) or from the
   * heads (`-2:`) and stop at the end of the history.
   *
   * @throws TidemarkError `revision_target_invalid`
   */
  history(range: HistoryRange = {}): string[] {
    const ends = typeof range === 'string' ? (splitRevisionRange(range) ?? { base: range, head: range }) : range
    const base = listOf(ends.base ?? 'base')
    const lower = base.flatMap((spec) => resolveSpec(this.#nodes, spec, 'clamp'))
    const branches = base.flatMap((spec) => branchOf(this.#nodes, spec) ?? [])
    const upper = listOf(ends.head ?? 'heads')
      .flatMap((spec) => resolveUpgrade(this.#nodes, lower, spec, 'clamp'))
      .filter((node) => branches.length === 0 || branches.some((branch) => lineage(branch).has(node)))
    const wanted = reach(upper, needs)
    const outside = lower.find((node) => !wanted.has(node))
    if (outside !== undefined) throw notAncestor(outside.id, upper.map(idOf))
    const above = lower.length === 0 ? wanted : reach(lower, ({ children }) => children)
    const below = reach(lower.flatMap(needs), needs)
    const included = (node: RevisionNode) => lower.includes(node) || (above.has(node) && !below.has(node))
    return this.#nodes.applied.filter((node) => wanted.has(node) && included(node)).map(idOf).toReversed()
  }

  #rows(ids: readonly string[]): RevisionNode[] {
    const unknown = ids.filter((id) => !this.has(id))
    if (unknown.length > 0) {
      throw new TidemarkError('database_unknown_revision', 'The database stands at a revision that this program does not have', {
        why: `Unknown: ${unknown.map((id) => `"${id}"`).join(', ')}. It was probably migrated by a newer version.`,
        next: 'Use the version that wrote it, or add the missing revisions.',
        details: { kind: 'not_found', revisions: unknown },
      })
    }
    return [...new Set(ids)].map((id) => this.#nodes.byName.get(id) as RevisionNode)
  }
}

function refuseOverlap(nodes: readonly RevisionNode[], what: string, next: (kept: string, contained: string) => string): void {
  const below = reach(nodes.flatMap(needs), needs)
  const contained = nodes.find((node) => below.has(node))
  if (contained === undefined) return
  const ids = [...new Set(nodes.map(idOf))]
  const why = `The ${what} ${ids.map((id) => `"${id}"`).join(', ')} contain each other: "${contained.id}" is needed by another one.`
  throw targetError('overlapping_targets', ids.join(', '), why, next(tips(nodes).join(' '), contained.id), ids)
}

function notAncestor(target: string, from: readonly string[]): TidemarkError {
  const place = from.length === 0 ? 'nothing is applied' : `the way down from ${from.map((id) => `"${id}"`).join(', ')} does not reach it`
  return targetError('not_ancestor', target, `It is not below the place where the walk starts: ${place}.`, 'Name a revision below it; to go up, use an upgrade.', from)
}

// The nodes with all they contain and all that contains them.
function related(nodes: readonly RevisionNode[]): Set<RevisionNode> {
  return new Set([...reach(nodes, needs), ...reach(nodes, neededBy)])
}

function tips(nodes: Iterable<RevisionNode>): string[] {
  const all = [...new Set(nodes)]
  const below = reach(all.flatMap(needs), needs)
  return all.filter((node) => !below.has(node)).map(idOf).toSorted()
}

function listOf(target: RevisionTarget): readonly string[] {
  return typeof target === 'string' ? [target] : target
}

function idOf(node: RevisionNode): string {
  return node.id
}

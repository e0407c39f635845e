/**
 * What a target means in a graph, before anything is said about steps: names in full or in part, branches, walks.
 * `null` stands for the base, the state in which nothing is applied.
 */
import { TidemarkError } from '../errors.ts'
import { needs, neededBy, reach } from './graph-nodes.ts'
import type { RevisionNode, RevisionNodes } from './graph-nodes.ts'
import { parseTargetSpec } from './target-spec.ts'
import type { TargetSpec } from './target-spec.ts'

/** Why a target was refused, in `details.kind`. */
export type TargetProblem =
  | 'malformed'
  | 'not_found'
  | 'partial_too_short'
  | 'partial_ambiguous'
  | 'no_such_branch'
  | 'not_in_branch'
  | 'multiple_heads'
  | 'relative_out_of_range'
  | 'ambiguous_walk'
  | 'ambiguous_current'
  | 'overlapping_targets'
  | 'not_ancestor'

/** A walk that runs past the end is refused, or stops at the last revision. */
export type Overwalk = 'refuse' | 'clamp'

export interface DowngradeTarget {
  /** When set, only this side of a fork is undone. */
  readonly branch: RevisionNode | null
  readonly node: RevisionNode | null
}

/** Without regard to what is applied: a bare `-N` counts from the heads, a bare `+N` from the base. */
export function resolveSpec(nodes: RevisionNodes, text: string, overwalk: Overwalk = 'refuse'): RevisionNode[] {
  const spec = parse(text)
  if (spec.steps === null || spec.symbol !== null) return fromSymbol(nodes, spec, overwalk)
  if (spec.steps > 0) return listed(walk(nodes, null, spec, overwalk))
  const from = nodes.all.filter((node) => neededBy(node).length === 0)
  return unique(within(from, branch(nodes, spec)).flatMap((head) => listed(walk(nodes, head, spec, overwalk))))
}

/** A bare `+N` counts from the current row; `branch@+N` from where that branch stands, also when it has no row yet. */
export function resolveUpgrade(nodes: RevisionNodes, rows: readonly RevisionNode[], text: string, overwalk: Overwalk = 'refuse'): RevisionNode[] {
  const spec = parse(text)
  if (spec.steps === null || spec.symbol !== null) return fromSymbol(nodes, spec, overwalk)
  if (spec.steps <= 0) throw outOfRange(spec, 'It does not lead upward')
  const side = branch(nodes, spec)
  let from = within(rows, side)
  if (from.length === 0) from = tipsOf(within([...reach(rows, needs)], side), neededBy)
  if (from.length > 1) throw ambiguousCurrent(spec, from)
  return listed(walk(nodes, from[0] ?? null, spec, overwalk))
}

/** A bare `-N` counts from the current row and stays on its side of a fork. */
export function resolveDowngrade(nodes: RevisionNodes, rows: readonly RevisionNode[], text: string): DowngradeTarget {
  const spec = parse(text)
  const side = branch(nodes, spec)
  if (spec.steps === null || spec.symbol !== null) {
    const start = single(nodes, spec)
    return { branch: side, node: walk(nodes, start, spec, 'refuse') }
  }
  if (spec.steps >= 0) throw outOfRange(spec, 'It does not lead downward')
  let from = within(rows, side)
  if (from.length === 0) from = tipsOf(within([...reach(rows, needs)], side), ({ children }) => children)
  if (from.length > 1) throw ambiguousCurrent(spec, from)
  const [start] = from
  if (start === undefined) throw outOfRange(spec, side === null ? 'Nothing is applied' : 'Nothing of that branch is applied')
  return { branch: side ?? start, node: walk(nodes, start, spec, 'refuse') }
}

/** Relative targets count from the rows, up and down. */
export function resolveStamp(nodes: RevisionNodes, rows: readonly RevisionNode[], text: string): RevisionNode[] {
  const { steps } = parse(text)
  return steps === null || steps > 0 ? resolveUpgrade(nodes, rows, text) : listed(resolveDowngrade(nodes, rows, text).node)
}

/** The node in front of the `@`; null when the target names no branch. */
export function branchOf(nodes: RevisionNodes, text: string): RevisionNode | null {
  return branch(nodes, parse(text))
}

/** Ancestors, descendants and the node itself; dependencies are not part of a branch. */
export function lineage(node: RevisionNode): Set<RevisionNode> {
  return new Set([...reach([node], ({ parents }) => parents), ...reach([node], ({ children }) => children)])
}

export function targetError(kind: TargetProblem, text: string, why: string, next: string, revisions: readonly string[] = []): TidemarkError {
  return new TidemarkError('revision_target_invalid', `The target "${text}" cannot be used`, { why, next, details: { kind, target: text, revisions } })
}

function parse(text: string): TargetSpec {
  const spec = parseTargetSpec(text)
  if (spec === null) {
    throw targetError('malformed', text, 'It is not in the form of a target.', 'Use head, heads, base, an id, a label, or forms like +1, -1, ab12+1, label@head, label@-1.')
  }
  return spec
}

function fromSymbol(nodes: RevisionNodes, spec: TargetSpec, overwalk: Overwalk): RevisionNode[] {
  if (spec.symbol === 'heads' && spec.steps === null) return headsOf(nodes, spec)
  return listed(walk(nodes, single(nodes, spec), spec, overwalk))
}

function single(nodes: RevisionNodes, spec: TargetSpec): RevisionNode | null {
  const side = branch(nodes, spec)
  if (spec.symbol === 'base') return null
  if (spec.symbol !== 'head' && spec.symbol !== 'heads') return named(nodes, spec, spec.symbol ?? '', side)
  const heads = headsOf(nodes, spec)
  if (heads.length > 1) {
    const next = 'Name one of them, use "heads" for all, or merge them.'
    throw targetError('multiple_heads', spec.text, `There are ${heads.length} heads: ${quoted(heads)}.`, next, heads.map(idOf))
  }
  return heads[0] ?? null
}

// "heads" leaves out heads that others depend on: they are contained in those. "head", and the heads of a branch, do not.
function headsOf(nodes: RevisionNodes, spec: TargetSpec): RevisionNode[] {
  const side = branch(nodes, spec)
  const above = spec.symbol === 'heads' && side === null ? neededBy : ({ children }: RevisionNode) => children
  return within(nodes.all.filter((node) => above(node).length === 0), side)
}

function branch(nodes: RevisionNodes, spec: TargetSpec): RevisionNode | null {
  if (spec.branch === null) return null
  const found = nodes.byName.get(spec.branch) ?? (matches(nodes, spec.branch).length === 1 ? matches(nodes, spec.branch)[0] : undefined)
  if (found === undefined) {
    throw targetError('no_such_branch', spec.text, `No label and no revision is called "${spec.branch}".`, suggestion(nodes, spec.branch))
  }
  return found
}

function named(nodes: RevisionNodes, spec: TargetSpec, name: string, side: RevisionNode | null): RevisionNode {
  const exact = nodes.byName.get(name)
  const found = exact === undefined ? within(matches(nodes, name), side) : [exact]
  const [node] = found
  if (found.length > 1) {
    const some = quoted(found.slice(0, 3))
    throw targetError('partial_ambiguous', spec.text, `${found.length} revisions start with "${name}": ${some}${found.length > 3 ? ', …' : ''}.`, 'Give more of the id.', found.map(idOf))
  }
  if (node === undefined) {
    const short = name.length < 4
    const hint = short ? ' Ids of fewer than four characters must be given in full.' : ''
    throw targetError(short ? 'partial_too_short' : 'not_found', spec.text, `No revision and no label is called "${name}" or starts so.${hint}`, suggestion(nodes, name))
  }
  if (side !== null && !lineage(side).has(node)) {
    throw targetError('not_in_branch', spec.text, `Revision "${node.id}" is not on the branch of "${spec.branch}".`, 'Leave out the branch, or name another one.', [node.id, side.id])
  }
  return node
}

// Only names of more than three characters can be given in part: shorter ones are too easily meant as something else.
function matches(nodes: RevisionNodes, part: string): RevisionNode[] {
  return unique([...nodes.byName].filter(([name]) => name.length > 3 && name.startsWith(part)).map(([, node]) => node))
}

function walk(nodes: RevisionNodes, start: RevisionNode | null, spec: TargetSpec, overwalk: Overwalk): RevisionNode | null {
  const steps = spec.steps ?? 0
  const side = branch(nodes, spec)
  const allowed = side === null ? null : lineage(side)
  let node = start
  for (let left = Math.abs(steps); left > 0; left -= 1) {
    const up = node === null ? nodes.all.filter(({ parents }) => parents.length === 0) : node.children
    const choices = steps < 0 ? (node?.parents ?? []) : up.filter((child) => allowed === null || allowed.has(child))
    if (choices.length > 1) {
      const place = node === null ? 'the base' : `revision "${node.id}"`
      throw targetError('ambiguous_walk', spec.text, `At ${place} there are several ways: ${quoted(choices)}.`, 'Name the revision, or a branch in front of "@".', choices.map(idOf))
    }
    const [choice] = choices
    if (choice === undefined && overwalk === 'clamp') return node
    if (choice === undefined && (steps > 0 || node === null)) {
      throw outOfRange(spec, `The history ends ${left} ${left === 1 ? 'revision' : 'revisions'} before`)
    }
    node = choice ?? null
  }
  return node
}

function within(some: readonly RevisionNode[], side: RevisionNode | null): RevisionNode[] {
  if (side === null) return [...some]
  const line = lineage(side)
  return some.filter((node) => line.has(node))
}

function tipsOf(some: readonly RevisionNode[], next: (node: RevisionNode) => readonly RevisionNode[]): RevisionNode[] {
  const set = new Set(some)
  return some.filter((node) => !next(node).some((other) => set.has(other)))
}

function ambiguousCurrent(spec: TargetSpec, from: readonly RevisionNode[]): TidemarkError {
  const next = `Name the branch, for example "${from[0]?.id}@${spec.steps !== null && spec.steps > 0 ? '+' : ''}${spec.steps}".`
  return targetError('ambiguous_current', spec.text, `The database stands at several revisions: ${quoted(from)}.`, next, from.map(idOf))
}

function outOfRange(spec: TargetSpec, why: string): TidemarkError {
  return targetError('relative_out_of_range', spec.text, `${why}.`, 'Use a smaller number, or name the revision.')
}

function suggestion(nodes: RevisionNodes, name: string): string {
  const near = [...nodes.byName.keys()].find((other) => withinOneEdit(other, name))
  return near === undefined ? 'List the revisions with "history" or the heads with "heads".' : `Did you mean "${near}"?`
}

// One character more, less, different, or two swapped: the slips that typing an id produces.
function withinOneEdit(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const [restA, restB] = [a.slice(start), b.slice(start)]
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true
  return restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0]
}

function listed(node: RevisionNode | null): RevisionNode[] {
  return node === null ? [] : [node]
}

function unique(some: readonly RevisionNode[]): RevisionNode[] {
  return [...new Set(some)]
}

function quoted(some: readonly RevisionNode[]): string {
  return some.map((node) => `"${node.id}"`).join(', ')
}

function idOf(node: RevisionNode): string {
  return node.id
}

/** What the worked cases leave open: the wording and the facts of refusals, the views of a graph, large graphs. */
import { describe, expect, test } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { RevisionGraph } from '../../src/migrate/graph.ts'
import type { GraphRevision } from '../../src/migrate/graph.ts'

// `id<-parent,parent~dependency[label]`, separated by blanks.
function graphOf(text: string): RevisionGraph {
  return new RevisionGraph(text.split(' ').map(revisionOf))
}

function revisionOf(text: string): GraphRevision {
  const [, id = '', down = '', dependsOn = '', labels = ''] = /^(.*)<-([^~[]*)(?:~([^[]*))?(?:\[(.*)\])?$/u.exec(text) ?? []
  const list = (part: string) => part.split(',').filter((name) => name !== '')
  return { id, down: list(down), dependsOn: list(dependsOn), labels: list(labels) }
}

function refusal(run: () => unknown): TidemarkError {
  try {
    run()
  } catch (error) {
    if (error instanceof TidemarkError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const fork = 'a<- b<-a c1<-b[left] d1<-c1 c2<-b[right] d2<-c2'
const merge = `${fork} m<-d1,d2 f<-m`

describe('a graph', () => {
  test('tells heads, bases, branch points and merge points', () => {
    const graph = graphOf(merge)
    expect(graph.heads()).toEqual(['f'])
    expect(graph.bases()).toEqual(['a'])
    expect(graph.branchPoints()).toEqual(['b'])
    expect(graph.mergePoints()).toEqual(['m'])
    expect(graph.has('c1')).toBe(true)
    expect(graph.has('left')).toBe(false)
  })

  test('tells the heads that have a row of their own when everything is applied', () => {
    const graph = graphOf('a1<- b1<-~a1')
    expect(graph.heads()).toEqual(['a1', 'b1'])
    expect(graph.effectiveHeads()).toEqual(['b1'])
    expect(graph.headsAfter([], graph.upgradePath([], 'heads'), 'up')).toEqual(['b1'])
    expect(graph.current(['b1'])).toEqual(graph.heads())
  })

  test('without revisions is a graph too', () => {
    const graph = new RevisionGraph([])
    expect(graph.heads()).toEqual([])
    expect(graph.resolve('head')).toEqual([])
    expect(graph.upgradePath([], 'head')).toEqual([])
    expect(graph.downgradePath([], 'base')).toEqual([])
  })

  test('lists all ids so that needs stand first', () => {
    expect(graphOf('c<-b a<- b<-a').ids()).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['illegal_id', 'a-b<-', ['a-b']],
    ['illegal_id', 'head<-', ['head']],
    ['illegal_id', 'heads<-', ['heads']],
    ['illegal_id', 'base<-', ['base']],
    ['illegal_id', 'current<-', ['current']],
    ['illegal_id', '<-', ['']],
    ['illegal_label', 'a<-[x@y]', ['x@y']],
    ['duplicate_id', 'a<- a<-', ['a']],
    ['duplicate_label', 'a<-[x] b<-a[x]', ['a', 'b']],
    ['duplicate_label', 'a<- b<-a[a]', ['a', 'b']],
    ['missing_revision', 'a<-ghost', ['a', 'ghost']],
    ['missing_revision', 'a<-~ghost', ['a', 'ghost']],
    ['missing_revision', 'a<-[x] b<-x', ['b', 'x']],
    ['self_loop', 'a<- b<-b', ['b']],
    ['dependency_self_loop', 'a<-~x[x]', ['a']],
    ['cycle', 'a<-c b<-a c<-b d<-c e<-', ['a', 'b', 'c']],
    ['cycle', 'd<-c a<-c b<-a c<-b', ['a', 'b', 'c']],
    ['cycle', 'x<- a<-x,c b<-a c<-b', ['a', 'b', 'c']],
    ['dependency_cycle', 'a<- b<-a~c c<-b d<-', ['b', 'c']],
  ])('is refused for %s: %s', (kind, text, revisions) => {
    const error = refusal(() => graphOf(text))
    expect(error.code).toBe('revision_graph_invalid')
    expect(error.details['kind']).toBe(kind)
    expect([...(error.details['revisions'] as string[])].toSorted()).toEqual(revisions)
    for (const id of revisions) expect(error.message).toContain(`"${id}"`)
  })

  test.each([
    ['a-b<-', 'The revision id "a-b" cannot be used: it holds white space or one of @ + - :, which have a meaning in targets.', 'Use letters, digits and "_".'],
    ['<-', 'The revision id "" cannot be used: it is empty.', 'Use letters, digits and "_".'],
    ['a<-[base]', 'The branch label "base" cannot be used: the word has a meaning in targets.', 'Use letters, digits and "_".'],
    ['a<-[x] b<-a[x]', 'The label "x" of revision "b" is already used by "a".', 'A label belongs to one revision; its descendants get it from there.'],
    ['a<- b<-a[a]', 'The label "a" of revision "b" is the id of "a".', 'A label belongs to one revision; its descendants get it from there.'],
    ['a<-ghost', 'Revision "a" names the parent "ghost", which does not exist.', 'Add the missing revision, or correct the name.'],
    ['a<-~ghost', 'Revision "a" names the dependency "ghost", which does not exist.', 'Add the missing revision, or correct the name.'],
    ['b<-b', 'Revision "b" is its own parent.', 'Correct its "down".'],
    ['b<-~b', 'Revision "b" depends on itself.', 'Correct its "dependsOn".'],
    ['a<-b b<-a', 'Revisions "a", "b" are ancestors of themselves.', 'Break the circle at one of them.'],
    ['a<-~b b<-~a', 'Revisions "a", "b" need each other through dependencies.', 'Break the circle at one of them.'],
  ])('says of %s what is wrong with it, and how to mend it', (text, why, next) => {
    expect(refusal(() => graphOf(text))).toMatchObject({ why, next })
  })

  test('keeps branches together in the order of its revisions, in whichever order they were given', () => {
    expect(graphOf('d<-b c<-a b<-a a<-').ids()).toEqual(['a', 'c', 'b', 'd'])
  })

  test.each<readonly [string, string, Readonly<Record<string, readonly string[]>>]>([
    ['to descendants, and down an unbranched line', 'a<- b<-a c<-b[x] d<-c', { a: ['x'], b: ['x'], c: ['x'], d: ['x'] }],
    ['not to where another branch begins', 'a<- b<-a c<-b[x] e<-b', { a: [], b: [], c: ['x'], e: [] }],
    ['not to what another revision depends on', 'a<- b<-a[x] e<-~a', { a: [], b: ['x'], e: [] }],
    ['not to a merge and what was merged', 'a1<- a2<- m<-a1,a2 t<-m[x]', { a1: [], a2: [], m: [], t: ['x'] }],
    ['past a parent that is named as a dependency too', 'a<- b<-a~a[x]', { a: ['x'], b: ['x'] }],
    ['past a dependency that is named twice', 'p<-[dep] a<-p b<-a~p,dep[x]', { p: ['dep'], a: ['dep', 'x'], b: ['dep', 'x'] }],
  ])('spreads a label %s', (_, text, labels) => {
    const graph = graphOf(text)
    expect(Object.fromEntries(Object.keys(labels).map((id) => [id, graph.labels(id)]))).toEqual(labels)
  })

  test('can be walked when it is thousands of revisions long', () => {
    const line = Array.from({ length: 20_000 }, (_, index) => ({ id: `r${index}`, down: index === 0 ? [] : [`r${index - 1}`] }))
    const graph = new RevisionGraph([...line].toReversed())
    expect(graph.upgradePath([], 'head')).toEqual(line.map(({ id }) => id))
    expect(graph.downgradePath(['r19999'], 'r9999')).toHaveLength(10_000)
    expect(graph.downgradePath(['r19999'], '-15000')).toHaveLength(15_000)
    expect(graph.headsAfter(['r19998'], ['r19999'], 'up')).toEqual(['r19999'])
  })

  test('can be walked when thousands of diamonds lie on each other', () => {
    const levels = Array.from({ length: 3000 }, (_, level) => {
      const down = level === 0 ? [] : [`x${level - 1}`, `y${level - 1}`]
      return [{ id: `x${level}`, down }, { id: `y${level}`, down }]
    })
    const graph = new RevisionGraph(levels.flat())
    expect(graph.upgradePath([], 'heads')).toHaveLength(6000)
  })
})

describe('a target', () => {
  test.each([
    ['malformed', ''],
    ['malformed', 'a b'],
    ['malformed', 'a:b'],
    ['malformed', 'left@'],
    ['malformed', '@a'],
    ['malformed', 'a+'],
    ['not_found', 'nothing'],
    ['not_found', 'zzzz'],
    ['partial_too_short', 'zzz'],
    ['partial_too_short', ' zz '],
    ['no_such_branch', 'middle@head'],
    ['not_in_branch', 'left@d2'],
    ['multiple_heads', 'head'],
    ['multiple_heads', 'b@head-1'],
    ['multiple_heads', 'heads-1'],
    ['ambiguous_walk', 'b+1'],
    ['ambiguous_walk', 'a+5'],
    ['relative_out_of_range', 'd1+1'],
    ['relative_out_of_range', 'a-2'],
    ['relative_out_of_range', 'base-1'],
  ])('is refused for %s: %s', (kind, target) => {
    const error = refusal(() => graphOf(fork).resolve(target))
    expect(error.code).toBe('revision_target_invalid')
    expect(error.details).toMatchObject({ kind, target: target.trim() })
  })

  test.each([
    ['b+0', ['b']],
    ['a-1', []],
    ['base+2', ['b']],
    ['left@b+2', ['d1']],
    ['left@head-1', ['c1']],
    ['right@base+3', ['c2']],
    ['left@base', []],
    ['left@heads', ['d1']],
    ['-1', ['c1', 'c2']],
    ['right@-2', ['b']],
    ['+2', ['b']],
    [' d2 ', ['d2']],
    ['right@heads-1', ['c2']],
  ])('%s resolves to %j', (target, ids) => {
    expect(graphOf(fork).resolve(target)).toEqual(ids)
  })

  test('that is misspelt brings the name that was probably meant', () => {
    const graph = graphOf('02bc5b2abef8<-[payments]')
    for (const typo of ['02bc5b2abe8f', '2bc5b2abef8', '02bc5b2abef89', '02bc5b2abff8']) {
      expect(refusal(() => graph.resolve(typo)).next).toBe('Did you mean "02bc5b2abef8"?')
    }
    expect(refusal(() => graph.resolve('paymets@head')).next).toBe('Did you mean "payments"?')
  })

  test('that is no slip of the pen brings no guess', () => {
    const graph = graphOf('02bc5b2abef8<-')
    expect(refusal(() => graph.resolve('02bc5xb2abef8')).next).toBe('Did you mean "02bc5b2abef8"?')
    for (const other of ['nothing', '02bc5b2aeyf8', '02bc5b2axbf8', '02bc5b2aebf9']) {
      expect(refusal(() => graph.resolve(other)), other).toMatchObject({ next: 'List the revisions with "history" or the heads with "heads".' })
    }
  })

  test('given in part may be part of a label, and must mean one branch', () => {
    expect(graphOf('a<-[payments] b<-a').resolve('pay@head')).toEqual(['b'])
    expect(refusal(() => graphOf('abcd1<- abcd2<-abcd1').resolve('abcd@head')).details['kind']).toBe('no_such_branch')
  })

  test('given in part is looked for among names of four characters and more', () => {
    expect(graphOf('abc<- abcd<-abc').resolve('ab')).toEqual(['abcd'])
    expect(refusal(() => graphOf('abc<-').resolve('ab'))).toMatchObject({
      details: { kind: 'partial_too_short', revisions: [] },
      why: 'No revision and no label is called "ab" or starts so. Ids of fewer than four characters must be given in full.',
    })
    expect(refusal(() => graphOf('abc<-').resolve('nothing')).why).toBe('No revision and no label is called "nothing" or starts so.')
  })

  test('may count many steps', () => {
    const line = new RevisionGraph(Array.from({ length: 120 }, (_, index) => ({ id: `r${index}`, down: index === 0 ? [] : [`r${index - 1}`] })))
    expect(line.resolve('r5+110')).toEqual(['r115'])
    expect(line.resolve('-100')).toEqual(['r19'])
  })

  test('without regard to dependencies is a head, which "heads" leaves out where another one contains it', () => {
    const graph = graphOf('a1<-[x] b1<-~a1')
    expect(graph.resolve('heads')).toEqual(['b1'])
    expect(graph.resolve('x@heads')).toEqual(['a1'])
    expect(refusal(() => graph.resolve('head')).details).toEqual({ kind: 'multiple_heads', target: 'head', revisions: ['a1', 'b1'] })
  })

  test('on another branch is named with it', () => {
    expect(refusal(() => graphOf(fork).resolve('left@d2'))).toMatchObject({ details: { revisions: ['d2', 'c1'] }, why: 'Revision "d2" is not on the branch of "left".' })
  })

  test.each([
    ['base+1', 'At the base there are several ways: "a1", "b1".'],
    ['b1+1', 'At revision "b1" there are several ways: "b2", "b3".'],
    ['b2+1', 'The history ends 1 revision before.'],
    ['b2+3', 'The history ends 3 revisions before.'],
  ])('whose walk %s does not lead anywhere says where it stopped', (target, why) => {
    expect(refusal(() => graphOf('a1<- b1<- b2<-b1 b3<-b1').resolve(target)).why).toBe(why)
  })

  test('that is ambiguous names the candidates', () => {
    const error = refusal(() => graphOf('abcd1<- abcd2<-abcd1 abcd3<-abcd2 abcd4<-abcd3').resolve('abcd'))
    expect(error.details['revisions']).toEqual(['abcd1', 'abcd2', 'abcd3', 'abcd4'])
    expect(error.why).toBe('4 revisions start with "abcd": "abcd1", "abcd2", "abcd3", ….')
  })

  test('counted down from several current heads is refused with their names', () => {
    const error = refusal(() => graphOf(fork).downgradePath(['d1', 'c2'], '-1'))
    expect(error.message).toContain('"d1", "c2"')
    expect(error.next).toBe('Name the branch, for example "d1@-1".')
  })
})

describe('an upgrade', () => {
  test('refuses a way that leads down', () => {
    expect(refusal(() => graphOf(fork).upgradePath(['c1'], '-1')).details['kind']).toBe('relative_out_of_range')
  })

  test('names rows that it does not know', () => {
    const error = refusal(() => graphOf(fork).upgradePath(['a', 'future'], 'heads'))
    expect(error.code).toBe('database_unknown_revision')
    expect(error.details['revisions']).toEqual(['future'])
  })

  test('takes rows only by their full id', () => {
    expect(refusal(() => graphOf('abcdef<-[x]').upgradePath(['abcd'], 'head')).code).toBe('database_unknown_revision')
    expect(refusal(() => graphOf('abcdef<-[x]').upgradePath(['x'], 'head')).code).toBe('database_unknown_revision')
  })

  test('of a branch that stands only as a dependency goes on from there', () => {
    expect(graphOf('x1<-[x] x2<-x1 y1<-~x1').upgradePath(['y1'], 'x@+1')).toEqual(['x2'])
  })
})

test('a target of no step leads neither up nor down', () => {
  for (const target of ['+0', '-0']) {
    expect(refusal(() => graphOf(fork).upgradePath(['c1'], target)).details['kind']).toBe('relative_out_of_range')
    expect(refusal(() => graphOf(fork).downgradePath(['c1'], target)).details['kind']).toBe('relative_out_of_range')
  }
})

// On the branch x stands the row x3; x4 is applied as well, because y1 depends on it.
const sidesOfX = 'x1<-[x] x2<-x1 x3<-x2 x4<-x1 x5<-x3 y1<-~x4'

test('a walk on a branch begins at its row, whatever else of it is a dependency', () => {
  expect(graphOf(sidesOfX).upgradePath(['x3', 'y1'], 'x@+1')).toEqual(['x5'])
  expect(graphOf(sidesOfX).downgradePath(['x3', 'y1'], 'x@-1')).toEqual(['x3'])
})

test.each([
  ['targets', [], ['b', 'd1'], 'b', ['b', 'd1'], 'Leave out "b".'],
  // Nobody who asks where the database stands has a target to leave out; the row that stays contains the other.
  ['current rows', ['a', 'b'], 'heads', 'a', ['a', 'b'], 'Say where the database stands with `tidemark migrate stamp b`.'],
])('%s that contain each other are refused', (what, rows, target, contained, revisions, next) => {
  expect(refusal(() => graphOf(fork).upgradePath(rows, target))).toMatchObject({
    details: { kind: 'overlapping_targets', revisions },
    why: `The ${what} ${revisions.map((id) => `"${id}"`).join(', ')} contain each other: "${contained}" is needed by another one.`,
    next,
  })
})

describe('a downgrade', () => {
  test('to several revisions, of which one is undone on the way to another, is refused', () => {
    expect(refusal(() => graphOf(fork).downgradePath(['d1', 'd2'], ['b', 'c1', 'd2']))).toMatchObject({
      details: { kind: 'overlapping_targets', target: 'b c1 d2', revisions: ['c1', 'd2'] },
      why: 'On the way to one of them another one is undone: "c1", "d2".',
      next: 'Leave out "c1", "d2".',
    })
    expect(graphOf(fork).downgradePath(['d1', 'd2'], ['c1', 'c2']).toSorted()).toEqual(['d1', 'd2'])
  })

  test('stays on its side also where the other one is applied as a dependency', () => {
    expect(graphOf('a<- b<-a~c c<-a').downgradePath(['b'], '-1')).toEqual(['b'])
  })

  test('to base, of one branch, leaves a branch with a base of its own', () => {
    expect(graphOf('x1<-[x] x2<-x1 y1<-').downgradePath(['x2', 'y1'], 'x@base')).toEqual(['x2', 'x1'])
  })

  test('to a fork, by the branch below it, says on neither side which one is meant', () => {
    expect(refusal(() => graphOf(fork).downgradePath(['b'], 'a@b')).details['kind']).toBe('not_ancestor')
  })

  test.each([
    ['-1', [], 'relative_out_of_range', 'Nothing is applied.'],
    ['left@-1', [], 'relative_out_of_range', 'Nothing of that branch is applied.'],
    ['c1', [], 'not_ancestor', 'It is not below the place where the walk starts: nothing is applied.'],
    ['c1', ['d2'], 'not_ancestor', 'It is not below the place where the walk starts: the way down from "d2" does not reach it.'],
  ])('to %s from %j is refused', (target, rows, kind, why) => {
    expect(refusal(() => graphOf(fork).downgradePath(rows, target))).toMatchObject({ details: { kind }, why })
  })

  test('of one step stays on its side of the fork', () => {
    expect(graphOf('a<- b<-a c<-a').downgradePath(['b'], '-1')).toEqual(['b'])
  })

  test('to where it stands is nothing', () => {
    expect(graphOf(fork).downgradePath(['d1'], 'd1')).toEqual([])
  })

  test('to a revision that is not below is refused', () => {
    expect(refusal(() => graphOf(fork).downgradePath(['b'], 'c1')).details['kind']).toBe('not_ancestor')
  })

  test('of a branch that stands only as a dependency takes its dependents with it', () => {
    const graph = graphOf('y1<-[y] x1<-[x] y2<-y1~x1')
    expect(graph.downgradePath(['y2'], 'x@-1')).toEqual(['y2', 'x1'])
    expect(graph.headsAfter(['y2'], ['y2', 'x1'], 'down')).toEqual(['y1'])
  })

  test('of a branch of which nothing is applied is refused', () => {
    expect(refusal(() => graphOf('x1<-[x] y1<-').downgradePath(['y1'], 'x@-1')).details['kind']).toBe('relative_out_of_range')
  })
})

describe('a stamp', () => {
  test.each([
    ['on nothing', fork, [], 'heads', ['d1', 'd2']],
    ['at base removes all rows', fork, ['d1', 'd2'], 'base', []],
    ['at the base of a branch leaves the others', 'x1<-[x] x2<-x1 y1<-', ['x2', 'y1'], 'x@base', ['y1']],
    ['of one branch leaves the other', fork, ['d1', 'c2'], 'd2', ['d1', 'd2']],
    ['of several targets', fork, ['a'], ['c1', 'd2'], ['c1', 'd2']],
    ['of an ancestor and its descendant keeps the descendant', fork, [], ['b', 'd1'], ['d1']],
    ['of a dependency beside its dependent keeps the dependent', 'a1<- b1<-~a1', [], ['a1', 'b1'], ['b1']],
    ['of a dependency replaces its dependent', 'a1<- b1<-~a1', ['b1'], 'a1', ['a1']],
    ['relative to the row', fork, ['c1'], '-1', ['b']],
    ['relative to the row, upward', fork, ['c1'], '+1', ['d1']],
    ['relative to the row of a branch', fork, ['d1', 'd2'], 'left@-1', ['c1', 'd2']],
    ['where it stands already', fork, ['d1', 'd2'], 'd1', ['d1', 'd2']],
  ])('%s', (_, text, rows, target, after) => {
    expect(graphOf(text).stamp(rows, target)).toEqual(after)
  })
})

describe('the history', () => {
  test.each([
    ['b:c1', ['c1', 'b']],
    [':b', ['b', 'a']],
    ['m:', ['f', 'm']],
    ['d1', ['d1']],
    ['f-1:+9', ['f', 'm']],
    [' b : c1 ', ['c1', 'b']],
    [' : b', ['b', 'a']],
    ['m : ', ['f', 'm']],
  ])('%s', (range, ids) => {
    expect(graphOf(merge).history(range)).toEqual(ids)
  })

  test('cannot be counted down across a merge', () => {
    expect(refusal(() => graphOf(merge).history('-2:')).details['kind']).toBe('ambiguous_walk')
  })

  test('takes rows as an end', () => {
    expect(graphOf(fork).history({ base: ['c1', 'c2'] }).toSorted()).toEqual(['c1', 'c2', 'd1', 'd2'])
    expect(graphOf(fork).history({ head: ['c1'] })).toEqual(['c1', 'b', 'a'])
  })

  test('counted from the heads shows short trees whole', () => {
    expect(graphOf('a1<- b1<- b2<-b1 b3<-b2 b4<-b3').history('-1:').toSorted()).toEqual(['a1', 'b3', 'b4'])
  })

  test('of a branch is of what leads to its heads', () => {
    expect(graphOf(fork).history('left@base:')).toEqual(['d1', 'c1', 'b', 'a'])
    expect(graphOf(fork).history({ base: ['left@base', 'right@base'] }).toSorted()).toEqual(['a', 'b', 'c1', 'c2', 'd1', 'd2'])
  })

  test('from a revision on leaves out what does not descend from it', () => {
    expect(graphOf('a1<- b1<- b2<-b1').history('b1:')).toEqual(['b2', 'b1'])
  })

  test('has two ends', () => {
    expect(refusal(() => graphOf(fork).history('a:b:c1')).details['kind']).toBe('malformed')
  })

  test('refuses a base that is not below the head', () => {
    expect(refusal(() => graphOf(fork).history('c1:d2')).details['kind']).toBe('not_ancestor')
  })
})

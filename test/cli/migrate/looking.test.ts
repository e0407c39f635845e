/** The commands that look at a history, and the one that writes down where a database stands. */
import { describe, expect, it } from 'vitest'
import { projectWith, type RevisionSketch } from './project-folder.ts'

/** Two branches over a trunk, then a merge; and a beginning of its own that needs the merge. */
const forked: readonly RevisionSketch[] = [
  { id: 'aaaa01' },
  { id: 'bbbb01', down: ['aaaa01'], labels: ['left'] },
  { id: 'cccc01', down: ['aaaa01'], message: 'the other way' },
]
const merged: readonly RevisionSketch[] = [...forked, { id: 'dddd01', down: ['bbbb01', 'cccc01'] }]
const withDependent: readonly RevisionSketch[] = [...merged, { id: 'eeee01', dependsOn: ['dddd01'] }]

describe('heads', () => {
  it('are listed, with labels and messages', async () => {
    const project = await projectWith(forked)
    expect((await project.migrate('heads')).stdout).toBe('bbbb01 (left) (head), add bbbb01\ncccc01 (head), the other way\n')
    expect((await project.json('heads')).heads).toMatchObject([
      { id: 'bbbb01', down: ['aaaa01'], labels: ['left'], is_head: true, message: 'add bbbb01' },
      { id: 'cccc01', down: ['aaaa01'], labels: [], is_head: true },
    ])
  })

  it('of a new project are none', async () => {
    const project = await projectWith([])
    expect(await project.migrate('heads')).toEqual({ code: 0, stdout: 'There are no revisions yet.\n', stderr: '' })
    expect(await project.json('heads')).toEqual({ heads: [] })
  })
})

describe('branches', () => {
  it('are shown with what stands on them, and where they meet', async () => {
    const project = await projectWith(merged)
    expect((await project.migrate('branches')).stdout.split('\n')).toEqual([
      'aaaa01 (branchpoint), add aaaa01',
      '  -> bbbb01 (left), add bbbb01',
      '  -> cccc01, the other way',
      'dddd01 (left) (head) (mergepoint), add dddd01',
      '  <- bbbb01 (left), add bbbb01',
      '  <- cccc01, the other way',
      '',
    ])
    const { branches, merges } = await project.json('branches')
    expect(branches).toMatchObject([{ id: 'aaaa01', children: ['bbbb01', 'cccc01'], branches: [{ id: 'bbbb01' }, { id: 'cccc01' }] }])
    expect(merges).toMatchObject([{ id: 'dddd01', down: ['bbbb01', 'cccc01'] }])
  })

  it('of a straight line are none', async () => {
    const project = await projectWith([{ id: 'a1' }, { id: 'b1', down: ['a1'] }])
    expect((await project.migrate('branches')).stdout).toBe('The history has no branches.\n')
  })
})

describe('history', () => {
  it('is newest first, each with what it stands on and needs', async () => {
    const project = await projectWith(withDependent)
    expect((await project.migrate('history')).stdout.trim().split('\n')).toEqual([
      '<base> (and dddd01) -> eeee01 (head), add eeee01',
      'bbbb01, cccc01 -> dddd01 (left) (head) (mergepoint), add dddd01',
      'aaaa01 -> bbbb01 (left), add bbbb01',
      'aaaa01 -> cccc01, the other way',
      '<base> -> aaaa01 (branchpoint), add aaaa01',
    ])
  })

  it('can be cut to a range, both ends included', async () => {
    const project = await projectWith(merged)
    const ids = async (range: string) => (await project.json('history', '-r', range)).revisions.map(({ id }: { readonly id: string }) => id)
    expect(await ids('bbbb:dddd')).toEqual(['dddd01', 'bbbb01'])
    expect(await ids(':cccc01')).toEqual(['cccc01', 'aaaa01'])
    expect(await ids('aaaa01:bbbb01')).toEqual(['bbbb01', 'aaaa01'])
    expect((await project.migrate('history', '-r', 'zzzz:')).code).toBe(2)
  })

  it('says, when asked, where the database stands and what was run on it', async () => {
    const project = await projectWith(merged)
    await project.json('upgrade', 'bbbb01')
    expect((await project.migrate('history', '--indicate-current')).stdout.trim().split('\n').map((line) => line.replace(/^.* -> /, ''))).toEqual([
      'dddd01 (left) (head) (mergepoint) (not applied), add dddd01',
      'bbbb01 (left) (current), add bbbb01',
      'cccc01 (not applied), the other way',
      'aaaa01 (branchpoint), add aaaa01',
    ])
    const { revisions } = await project.json('history', '-i', '-r', 'bbbb01')
    expect(revisions).toMatchObject([{ id: 'bbbb01', applied: true, current: true, runs: [{ direction: 'upgrade', outcome: 'done', duration_ms: expect.any(Number) }] }])
    expect((await project.migrate('history', '-i', '--verbose', '-r', 'bbbb01')).stdout).toMatch(/Last run {2}upgrade \d{4}-/)
  })
})

describe('show', () => {
  it('tells all about a revision, by a part of its id too', async () => {
    const project = await projectWith([{ id: 'a1' }, { id: 'abcdef012345', down: ['a1'], more: `lossy: 'the rows go', transaction: false,` }])
    const { stdout } = await project.migrate('show', 'abcd')
    expect(stdout.split('\n')).toEqual([
      'abcdef012345 (head)',
      'Message      add abcdef012345',
      'Parents      a1',
      'Created      2026-11-20 18:00 UTC',
      'Transaction  none: each operation commits by itself',
      'Way back     loses data: the rows go',
      `${project.cwd}/migrations/abcdef012345.ts`,
      '',
    ])
    expect(await project.json('show', 'head')).toMatchObject({ revisions: [{ id: 'abcdef012345', down: ['a1'], lossy: 'the rows go', irreversible: null, transaction: false, is_head: true }] })
  })

  it('suggests what was meant', async () => {
    const { code, stderr } = await (await projectWith(forked)).migrate('show', 'aaaa02')
    expect(code).toBe(2)
    expect(stderr).toMatch(/Did you mean "aaaa01"\?/)
  })
})

describe('current', () => {
  it('tells where the database stands and what is left', async () => {
    const project = await projectWith(merged)
    expect(await project.json('current')).toMatchObject({ current: [], heads: ['dddd01'], at_head: false, pending: ['aaaa01', 'cccc01', 'bbbb01', 'dddd01'], half_way: null })
    expect((await project.migrate('current')).stdout).toBe('No revision is applied.\n4 revisions to apply, up to dddd01.\n')
    await project.json('upgrade', 'bbbb01', 'cccc01')
    expect((await project.migrate('current')).stdout).toBe('bbbb01 (left), add bbbb01\ncccc01, the other way\n1 revision to apply, up to dddd01.\n')
    await project.json('upgrade')
    expect((await project.migrate('current')).stdout).toBe('dddd01 (left) (head) (mergepoint), add dddd01\n')
    expect((await project.migrate('current', '--verbose')).stdout).toMatch(/^dddd01 \(head\) \(mergepoint\)\nMessage {2}add dddd01\nParents {2}bbbb01, cccc01\n/)
  })

  it('names a revision that is not known here', async () => {
    const project = await projectWith(forked)
    await project.json('upgrade', 'bbbb01')
    const other = await projectWith([{ id: 'zzzz01' }])
    const database = `sqlite:${project.cwd}/app.db`
    expect((await other.migrate('current', '--database', database)).stdout).toBe('bbbb01 (not known here)\n')
    expect(await other.json('current', '--database', database)).toMatchObject({ current: ['bbbb01'], pending: null, at_head: false })
    const { code, stderr } = await other.migrate('upgrade', '--database', database)
    expect(code).toBe(1)
    expect(stderr).toContain('"bbbb01"')
  })
})

describe('stamp', () => {
  it('writes down where the database stands, and runs nothing', async () => {
    const project = await projectWith(forked)
    expect(await project.json('stamp', 'heads')).toEqual({ from: [], to: ['bbbb01', 'cccc01'] })
    expect(await project.json('current')).toMatchObject({ at_head: true })
    expect(await project.read('app.db')).not.toContain('t_aaaa01')
    expect((await project.migrate('stamp', 'base')).stdout).toBe('The database stands at no revision; before, it stood at bbbb01, cccc01. Nothing was run.\n')
  })

  it('forgets revisions that are not known here only when told to', async () => {
    const project = await projectWith([{ id: 'zzzz01' }])
    await project.json('stamp', 'zzzz01')
    const other = await projectWith(forked)
    const database = ['--database', `sqlite:${project.cwd}/app.db`]
    expect((await other.migrate('stamp', 'aaaa01', ...database)).code).toBe(1)
    expect(await other.json('stamp', '--purge', 'aaaa01', ...database)).toEqual({ from: ['zzzz01'], to: ['aaaa01'] })
  })
})

import { describe, expect, it } from 'vitest'
import { emptyFolder, projectWith, revisionText } from './project-folder.ts'

const forked = [{ id: 'aaaa01' }, { id: 'bbbb01', down: ['aaaa01'] }, { id: 'cccc01', down: ['aaaa01'], labels: ['right'] }]

describe('init', () => {
  it('starts a project that works at once', async () => {
    const project = await emptyFolder()
    const started = await project.json('init')
    const made = ['tidemark.config.ts', 'schema.ts', 'migrations', 'migrations/index.ts'].map((file) => `${project.cwd}/${file}`)
    expect(started).toEqual({ created: made, kept: [] })
    expect(await project.json('heads')).toEqual({ heads: [] })
    expect(await project.json('upgrade')).toMatchObject({ steps: [] })
    expect(await project.read('migrations/index.ts')).toContain('export const revisions')
  })

  it('never overwrites', async () => {
    const project = await emptyFolder()
    await project.json('init')
    await project.write('schema.ts', '// mine')
    await project.write('migrations/index.ts', '// mine too')
    expect((await project.json('init')).created).toEqual([])
    expect([await project.read('schema.ts'), await project.read('migrations/index.ts')]).toEqual(['// mine', '// mine too'])
  })

  it('completes a project by what its configuration says', async () => {
    const project = await emptyFolder()
    await project.write('tidemark.config.json', '{ "migrations": "db/revisions", "schema": "db/tables.ts", "fileName": "%rev.mjs" }')
    const { created, kept } = await project.json('init')
    expect([...created, ...kept].map((file: string) => file.slice(project.cwd.length + 1))).toEqual(['db/tables.ts', 'db/revisions', 'db/revisions/index.mjs', 'tidemark.config.json'])
  })

  it('says that it has renewed an index which did not list every revision', async () => {
    const project = await projectWith([{ id: 'aaaa01' }])
    await project.json('init')
    await project.write('migrations/bbbb01.ts', revisionText({ id: 'bbbb01', down: ['aaaa01'] }))
    expect((await project.migrate('init')).stdout).toMatch(/^Brought up to date\n {2}- migrations\/index\.ts\n\nThere already, left as it is\n {2}- tidemark\.config\.ts\n {2}- migrations\n$/)
    expect(await project.read('migrations/index.ts')).toContain('./bbbb01.ts')
    expect((await project.migrate('init')).stdout).not.toContain('Brought up to date')
  })

  it('takes a folder and a database', async () => {
    const project = await emptyFolder()
    expect((await project.migrate('init', 'api', '--database', "pglite:./o'data")).stdout).toMatch(/^Made\n {2}- api\/tidemark\.config\.ts\n/)
    expect(await project.read('api/tidemark.config.ts')).toContain(`database: "pglite:./o'data"`)
    expect((await project.migrate('init', 'x', '--database', 'mysql:x')).code).toBe(2)
  })

  it('takes a configuration of another name, and completes it', async () => {
    const project = await emptyFolder()
    await project.json('init', '--config', 'db/app.config.mjs')
    expect(await project.json('heads', '--config', 'db/app.config.mjs')).toEqual({ heads: [] })
    expect((await project.json('init', '--config', 'db/app.config.mjs')).created).toEqual([])
  })

  it('does not mix with the configuration of Tidemark itself', async () => {
    const project = await emptyFolder()
    await project.write('tidemark.config.ts', 'export default { customerId: 1 }')
    for (const argv of [['init'], ['init', '--config', 'tidemark.config.ts'], ['init', '--config', 'x.json'], ['init', 'x', '--config', 'x.ts']]) {
      const { code, stderr } = await project.migrate(...argv)
      expect([code, stderr], argv.join(' ')).toEqual([2, expect.stringMatching(/^Error: Cannot start a project/)])
    }
    expect((await project.json('init', '--config', 'app.config.ts')).created).toHaveLength(4)
  })
})

describe('revision', () => {
  it('writes a file, prints its path and lists it in the index', async () => {
    const project = await projectWith([{ id: 'aaaa01' }])
    const before = Date.now()
    const { code, stdout } = await project.migrate('revision', '-m', 'Add the Übersicht & "more"')
    expect(code).toBe(0)
    const [, name = '', stamp = '', id = ''] = /^\/.*\/migrations\/((\d{8}_\d{4})_([0-9a-f]{12})_add_the_ubersicht_more\.ts)\n$/.exec(stdout) ?? []
    const moment = Date.parse(stamp.replace(/(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)/, '$1-$2-$3T$4:$5Z'))
    expect(moment).toBeGreaterThan(before - 61_000)
    expect(moment).toBeLessThanOrEqual(Date.now())
    expect(await project.read('migrations/index.ts')).toContain(`./${name}`)
    expect(await project.json('show', id)).toMatchObject({ revisions: [{ id, down: ['aaaa01'], message: 'Add the Übersicht & "more"', depends_on: [], labels: [] }] })
    expect((await project.json('upgrade')).to).toEqual([id])
    expect((await project.json('downgrade', 'base')).to).toEqual([])
  })

  it('cuts the words in the file name at 40 characters, between words', async () => {
    const project = await projectWith([])
    for (const [message, slug] of [
      ['a message of many many words which does not fit', 'a_message_of_many_many_words_which_does'],
      ['x'.repeat(60), 'x'.repeat(40)],
      ['it is forty characters and not more ab c', 'it_is_forty_characters_and_not_more_ab_c'],
      ['日本語の変更', '日本語の変更'],
      ['!?', 'revision'],
    ] as const) {
      const { file } = await project.json('revision', '-m', message)
      expect(file.replace(/^.*_[0-9a-f]{12}_(.*)\.ts$/, '$1')).toBe(slug)
    }
  })

  it('takes id, labels and dependencies', async () => {
    const project = await projectWith(forked)
    const made = await project.json('revision', '-m', 'tags', '--head', 'bbbb', '--rev-id', 'tags01', '--branch-label', 'tags', '--depends-on', 'right')
    expect(made).toMatchObject({ id: 'tags01', down: ['bbbb01'], labels: ['tags'], depends_on: ['right'] })
    expect(await project.json('show', 'tags')).toMatchObject({ revisions: [{ id: 'tags01', depends_on: ['right'], file: made.file }] })
  })

  it('is named as the configuration says', async () => {
    const project = await projectWith([], { config: `fileName: '%slug-%rev.js'` })
    const { file, index } = await project.json('revision', '-m', 'first tables', '--rev-id', 'a1')
    expect([file, index]).toEqual([`${project.cwd}/migrations/first_tables-a1.js`, `${project.cwd}/migrations/index.js`])
    expect((await project.json('upgrade')).to).toEqual(['a1'])
  })

  it('does not make a second head by itself', async () => {
    const project = await projectWith([{ id: 'aaaa01' }, { id: 'bbbb01', down: ['aaaa01'] }])
    const { code, stderr } = await project.migrate('revision', '-m', 'x', '--head', 'aaaa01')
    expect(code).toBe(2)
    expect(stderr).toMatch(/aaaa01 has successors already[\s\S]*--splice/)
    expect(await project.json('revision', '-m', 'x', '--head', 'aaaa01', '--splice')).toMatchObject({ down: ['aaaa01'] })
    const undecided = await project.migrate('revision', '-m', 'x')
    expect([undecided.code, undecided.stderr]).toEqual([2, expect.stringMatching(/"head" names several revisions: .*[\s\S]*--head[\s\S]*merge heads/)])
    expect(await project.json('revision', '-m', 'x', '--head', 'base')).toMatchObject({ down: [] })
  })

  it.each([
    [['--rev-id', 'a:b'], /a:b.*cannot be used/],
    [['--rev-id', 'aaaa01'], /has the id or the label already/],
    [['--rev-id', 'x'.repeat(33)], /more than 32 characters/],
    [['--rev-id', '../../outside'], /outside.*cannot be used/],
    [['--rev-id', '..\\outside'], /outside.*cannot be used/],
    [['--branch-label', 'head'], /head.*cannot be used/],
    [['--branch-label', 'right'], /has the id or the label already/],
    [['--depends-on', 'gone'], /gone/],
    [['--head', 'gone'], /gone/],
  ])('refuses %j and writes nothing', async (flags, complaint) => {
    const project = await projectWith(forked)
    const before = await project.revisions()
    const { code, stdout, stderr } = await project.migrate('revision', '-m', 'x', '--head', 'bbbb01', ...flags)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(complaint)
    expect(await project.revisions()).toEqual(before)
  })

  it.each(['', '  '])('refuses the message %j, without which nobody could read the file again', async (message) => {
    const project = await projectWith(forked)
    const before = await project.revisions()
    for (const command of [['revision', '--head', 'bbbb01'], ['merge', 'heads']]) {
      const { code, stderr } = await project.migrate(...command, '-m', message)
      expect([code, stderr]).toEqual([2, expect.stringContaining('It must say something')])
    }
    expect(await project.revisions()).toEqual(before)
  })

  it('never overwrites a file', async () => {
    const project = await projectWith([], { config: `fileName: '%slug.ts'` })
    await project.json('revision', '-m', 'same')
    expect((await project.migrate('revision', '-m', 'same')).stderr).toMatch(/There is a file same\.ts already/)
  })
})

describe('merge', () => {
  it('brings heads together, so that an upgrade knows where to go again', async () => {
    const project = await projectWith(forked)
    const stuck = await project.migrate('upgrade')
    expect(stuck.code).toBe(2)
    expect(stuck.stderr).toMatch(/"bbbb01", "cccc01"[\s\S]*tidemark migrate merge heads[\s\S]*tidemark migrate upgrade heads/)
    const made = await project.json('merge', 'heads', '-m', 'together', '--rev-id', 'dddd01')
    expect(made).toMatchObject({ id: 'dddd01', down: ['bbbb01', 'cccc01'], message: 'together' })
    expect(await project.read('migrations/index.ts')).toContain('_dddd01_together.ts')
    expect((await project.json('upgrade')).to).toEqual(['dddd01'])
  })

  it('takes a head that another one depends on along, so that one is left', async () => {
    const project = await projectWith([{ id: 'aaaa01' }, { id: 'bbbb01', labels: ['other'] }, { id: 'cccc01', down: ['aaaa01'], dependsOn: ['other'] }])
    expect(await project.json('merge', 'heads', '--rev-id', 'dddd01')).toMatchObject({ down: ['bbbb01', 'cccc01'] })
    expect((await project.json('upgrade')).to).toEqual(['dddd01'])
  })

  it('has a message of its own when none is given', async () => {
    const project = await projectWith(forked)
    expect(await project.json('merge', 'cccc', 'bbbb')).toMatchObject({ down: ['cccc01', 'bbbb01'], message: 'merge cccc01, bbbb01' })
  })

  it.each([[['bbbb01']], [['bbbb01', 'bbbb']], [['base']], [['bbbb01', 'aaaa01']]])('of %j is refused', async (specs) => {
    const project = await projectWith(forked)
    const { code, stderr } = await project.migrate('merge', ...specs)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Error: Cannot make the revision/)
  })

  it('of a revision that is no head is refused in words of its own, not with the flags of another command', async () => {
    const project = await projectWith(forked)
    const { stderr } = await project.migrate('merge', 'bbbb01', 'aaaa01')
    expect(stderr).toMatch(/aaaa01 has successors already[\s\S]*tidemark migrate heads/)
    expect(stderr).not.toMatch(/--head|--splice/)
  })
})

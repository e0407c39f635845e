import { describe, expect, it } from 'vitest'
import { projectWith, revisionText } from '../migrate/project-folder.ts'

const chain = [{ id: 'a1' }, { id: 'b1', down: ['a1'] }]
const bomb = `\nthrow new RangeError('this file was evaluated')\n`

describe('at head', () => {
  it('no revision file is run', async () => {
    const project = await projectWith(chain)
    await project.json('upgrade')
    for (const sketch of chain) await project.write(`migrations/${sketch.id}.ts`, revisionText(sketch) + bomb)
    expect(await project.json('upgrade')).toMatchObject({ from: ['b1'], to: ['b1'], steps: [] })
    expect(await project.json('current')).toMatchObject({ current: ['b1'], at_head: true })
    expect((await project.json('heads')).heads).toMatchObject([{ id: 'b1' }])
    expect((await project.json('history', '-i')).revisions).toMatchObject([{ id: 'b1', current: true }, { id: 'a1', applied: true }])
  })

  it('a schema that cannot be run does no harm', async () => {
    const project = await projectWith(chain)
    await project.json('upgrade')
    await project.write('tidemark.config.json', '{ "database": "sqlite:./app.db", "migrations": "./migrations", "schema": "./schema.ts" }')
    await project.write('schema.ts', bomb)
    expect(await project.json('upgrade', '--config', 'tidemark.config.json')).toMatchObject({ steps: [] })
  })
})

describe('a revision file', () => {
  it('that has to be run to know its header is run', async () => {
    const project = await projectWith(chain)
    const computed = revisionText({ id: 'c1', down: ['b1'] }).replace(`id: 'c1'`, `id: ['c', 1].join('')`)
    await project.write('migrations/c1.ts', computed)
    expect((await project.json('upgrade')).to).toEqual(['c1'])
  })

  it('that cannot be run is named before anything is begun', async () => {
    const project = await projectWith(chain)
    await project.write('migrations/b1.ts', revisionText({ id: 'b1', down: ['a1'] }) + bomb)
    const { code, stdout, stderr } = await project.migrate('upgrade')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^Error: Cannot use the revision file b1\.ts\nWhy: {3}It cannot be run: this file was evaluated\.\n/)
    expect(await project.json('current')).toMatchObject({ current: [] })
  })

  it('with a mistake in its text is named with the place', async () => {
    const project = await projectWith([{ id: 'a1', upgrade: 'await = 1' }])
    expect((await project.migrate('upgrade')).stderr).toMatch(/a1\.ts\nWhy: {3}It cannot be run: Unexpected token \(.*a1\.ts:7:\d+\)\.\n/)
  })

  it('may use modules beside it, in TypeScript too', async () => {
    const project = await projectWith([])
    await project.write('lib/columns.ts', `import { c } from 'tidemark/schema'\nexport const id = c.integer().primaryKey() satisfies object`)
    await project.write('migrations/a1.ts', `import { id } from '../lib/columns.js'\n${revisionText({ id: 'a1', upgrade: `await op.createTable('t', { id })`, downgrade: `await op.dropTable('t')` })}`)
    expect((await project.json('upgrade')).to).toEqual(['a1'])
  })

  it.each(['a1.mts', 'a1.js', 'a1.mjs'])('may be called %s', async (name) => {
    const project = await projectWith([])
    await project.write(`migrations/${name}`, revisionText({ id: 'a1' }))
    await project.write('migrations/index.ts', bomb)
    await project.write('migrations/types.d.ts', 'export {}')
    await project.write('migrations/notes.md', '#')
    expect((await project.json('upgrade')).to).toEqual(['a1'])
  })

  it('whose header says nothing usable is named', async () => {
    const project = await projectWith([{ id: 'a-1' }])
    expect((await project.migrate('heads')).stderr).toMatch(/a-1\.ts: .*its id must be/)
    const nothing = await projectWith([])
    await nothing.write('migrations/empty.ts', 'export default {}')
    expect((await nothing.migrate('heads')).stderr).toMatch(/empty\.ts[\s\S]*no default export made by `defineRevision`/)
  })

  it('that is another one when it is run than its text says is refused', async () => {
    const project = await projectWith([])
    const shadowed = `const defineRevision = (spec) => ({ ...spec, dependsOn: [], labels: [], id: 'other' })\n${revisionText({ id: 'a1' }).replace(/import .*\n/, '')}`
    await project.write('migrations/a1.ts', shadowed)
    expect((await project.migrate('upgrade')).stderr).toMatch(/a1\.ts\nWhy: {3}Its id is not what its text says/)
  })
})

describe('revisions that do not fit together are named with their files', () => {
  it.each([
    ['one id twice', { 'x.ts': { id: 'a1' }, 'y.ts': { id: 'a1' } }, /Two revisions have the id "a1"[\s\S]*Files: x\.ts, y\.ts/],
    ['a missing parent', { 'x.ts': { id: 'a1', down: ['gone'] } }, /"a1" names the parent "gone"[\s\S]*Files: x\.ts/],
    ['a circle', { 'x.ts': { id: 'a1', down: ['b1'] }, 'y.ts': { id: 'b1', down: ['a1'] } }, /ancestors of themselves[\s\S]*Files: x\.ts, y\.ts/],
    ['one label twice', { 'x.ts': { id: 'a1', labels: ['l'] }, 'y.ts': { id: 'b1', labels: ['l'] } }, /label "l"[\s\S]*Files: x\.ts, y\.ts/],
  ])('%s', async (_name, files, complaint) => {
    const project = await projectWith([])
    for (const [name, sketch] of Object.entries(files)) await project.write(`migrations/${name}`, revisionText(sketch))
    const { code, stderr } = await project.migrate('heads')
    expect(code).toBe(1)
    expect(stderr).toMatch(complaint)
  })
})

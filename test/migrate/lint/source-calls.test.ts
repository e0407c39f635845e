/** Which call a comment is about, and what is certain about that call. */
import { describe, expect, it } from 'vitest'
import { sourceComments } from '../../../src/migrate/lint/source-calls.ts'

/** The calls that the comments are about, as `line method(arguments)`, those in a batch with its table in front; `?` is what is no literal. */
function calls(source: string): readonly (string | undefined)[] {
  return sourceComments(source).map(({ call }) => {
    if (call === undefined) return undefined
    const batch = call.batch === undefined ? '' : `${call.batch ?? '?'}: `
    return `${call.line} ${batch}${call.method}(${call.arguments.map((text) => text ?? '?').join(', ')})`
  })
}

describe('the arguments of a call', () => {
  it.each([
    [`op.dropTable('a')`, 'dropTable(a)'],
    [`op.dropTable('a',)`, 'dropTable(a)'],
    [`op.dropTable("a"); op.dropColumn('b', 'c')`, 'dropTable(a)'],
    ['op.dropTable(`a`)', 'dropTable(a)'],
    ['op.dropTable(`a${b}`)', 'dropTable(?)'],
    ['op.dropTable(name)', 'dropTable(?)'],
    [`op.dropTable('a' + b)`, 'dropTable(?)'],
    [`op.dropTable('a'.trim())`, 'dropTable(?)'],
    ['op.dropTable()', 'dropTable()'],
    [`op.renameTable('a', 'b', 'c')`, 'renameTable(a, b)'],
    [`op.renameTable(a, 'b')`, 'renameTable(?, b)'],
    [`op.renameTable('a', b)`, 'renameTable(a, ?)'],
    [`op.renameTable(f('x', 'y'), 'b')`, 'renameTable(?, b)'],
    [`op.renameTable(['x', 'y'][0], 'b')`, 'renameTable(?, b)'],
    [`op.renameTable({ x: 'x', y: 'y' }.x, 'b')`, 'renameTable(?, b)'],
    [`op.renameTable(',', ')')`, 'renameTable(,, ))'],
    [`op.renameTable('(' + x, ')')`, 'renameTable(?, ))'],
    [`op.renameTable(f(')', x), 'b')`, 'renameTable(?, b)'],
    [`op.renameTable(f('(', x), 'b')`, 'renameTable(?, b)'],
    [`op.renameTable(/* which */ 'a', 'b')`, 'renameTable(a, b)'],
    [`op.createIndex('ix', 'a', ['b'])`, 'createIndex(ix, a)'],
    [`(op as Op).dropTable('a')`, 'dropTable(a)'],
    [`op\n  .dropTable('a')`, 'dropTable(a)'],
  ])('%s are those of %s', (source, call) => {
    expect(calls(`// c\n${source}`).map((text) => text?.replace(/^\d+ /u, ''))).toEqual([call])
  })

  it('may have comments between them', () => {
    expect(calls(`// c\nop.renameTable(\n// the old one\n'a',\n'b', // the new one\n)`)[0]).toBe('2 renameTable(a, b)')
  })
})

describe('a comment is about', () => {
  it.each([
    { name: 'the next call', source: `// c\n\nop.dropTable('a')\nop.dropTable('b')`, about: ['3 dropTable(a)'] },
    { name: 'the call on its line', source: `op.dropTable('a')\nop.dropTable('b') // c\nop.dropTable('d')`, about: ['2 dropTable(b)'] },
    { name: 'the last call on its line', source: `op.dropTable('a'); op.dropTable('b') // c`, about: ['1 dropTable(b)'] },
    { name: 'nothing where no call follows', source: `op.dropTable('a')\n// c`, about: [undefined] },
    { name: 'no call of something else', source: `// c\nconsole.log('x')\ndropTable('b')\nop.drop('b')\nop.dropTable('a')`, about: ['5 dropTable(a)'] },
    { name: 'the same call as the comment below it', source: `// c\n// d\nop.dropTable('a')`, about: ['3 dropTable(a)', '3 dropTable(a)'] },
    { name: 'a call in a batch', source: `op.batch('posts', async (t) => {\n// c\nawait t.dropColumn('a')\n})`, about: ['3 posts: dropColumn(a)'] },
    { name: 'a call in a batch of a table that is no literal', source: `op.batch(table, async (t) => {\n// c\nawait t.dropColumn('a')\n})`, about: ['3 ?: dropColumn(a)'] },
    { name: 'the batch itself', source: `// c\nop.batch('posts', async (t) => { await t.dropColumn('a') })`, about: ['2 batch(posts, ?)'] },
    { name: 'a call behind a batch', source: `op.batch('posts', async (t) => { await t.dropColumn(f('a')) })\n// c\nop.dropTable('a')`, about: ['3 dropTable(a)'] },
    { name: 'a call behind a batch with brackets in its texts', source: `op.batch('posts', async (t) => { await t.execute('(') })\n// c\nop.dropTable('a')`, about: ['3 dropTable(a)'] },
    { name: 'a call in a batch behind brackets in a text', source: `op.batch('posts', async (t) => {\nawait t.execute(')')\n// c\nawait t.dropColumn('a')\n})`, about: ['4 posts: dropColumn(a)'] },
    { name: 'a call in brackets in a batch', source: `op.batch('posts', async (t) => {\nawait Promise.all(names.map((name) =>\n// c\nt.dropColumn(name)\n))\n})`, about: ['4 posts: dropColumn(?)'] },
    { name: 'a call among the arguments of another, which is no batch', source: `op.execute('a', [\n// c\nawait op.query('b')\n])`, about: ['3 query(b)'] },
  ])('$name', ({ source, about }) => {
    expect(calls(source)).toEqual(about)
  })

  it.each([
    ['// c', undefined],
    ['export default { async upgrade(op) {\n// c\n} }', 'upgrade'],
    ['export default { async downgrade(op) {\n// c\n} }', 'downgrade'],
    ['export default { async downgrade(op) {}, async upgrade(op) {\n// c\n} }', 'upgrade'],
    ['export default { async upgrade(op) {}, async downgrade(op) {\n// c\n} }', 'downgrade'],
    ['export default { upgrade: async (op) => {\n// c\n}, downgrade: async (op) => {} }', 'upgrade'],
    ['const upgrade = async (op) => {\n// c\n}', 'upgrade'],
    ['const downgrade = async (op) => {\n// c\n}', 'downgrade'],
    ['export default { async downgrade(op) { await this.upgrade(op)\n// c\n} }', 'downgrade'],
    ['export default { async downgrade(op) { run(upgrade)\n// c\n} }', 'downgrade'],
    [`export default { async downgrade(op) { const way = a ? 'upgrade' : 'other'\n// c\n} }`, 'downgrade'],
    [`export default { message: 'upgrade',\n// c\n}`, undefined],
    ['async function other(op) {\n// c\n}', undefined],
  ])('the way that it stands in: %s', (source, direction) => {
    expect(sourceComments(source)).toEqual([{ text: ' c', line: source.split('\n').findIndex((text) => text.startsWith('//')) + 1, direction, call: undefined }])
  })
})

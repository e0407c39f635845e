import { describe, expect, it } from 'vitest'
import { readRevisionHeader } from '../../../adapters/cli/project/revision-header.ts'

const whole = `id: 'b1', down: ['a1'], message: 'add posts', createdAt: '2026-11-20T18:00:00Z', async upgrade(op) {}, async downgrade(op) {}`
const header = { id: 'b1', down: ['a1'], message: 'add posts', createdAt: '2026-11-20T18:00:00Z' }

function read(properties: string) {
  return readRevisionHeader(`import { defineRevision } from 'tidemark/migrate'\n\nexport default defineRevision({ ${properties} })\n`)
}

describe('the header of a revision file', () => {
  it('is read from its text', () => {
    expect(read(whole)).toEqual({ header, hasDowngrade: true })
    expect(read(`id: "b1", down: [], dependsOn: ['x', 'y',], labels: [\`posts\`], message: 'a', createdAt: 'now', transaction: false, lossy: 'rows', upgrade: noop, downgrade: undefined, irreversible: 'no'`)).toEqual({
      header: { id: 'b1', down: [], dependsOn: ['x', 'y'], labels: ['posts'], message: 'a', createdAt: 'now', transaction: false, lossy: 'rows', irreversible: 'no' },
      hasDowngrade: false,
    })
  })

  it('is the same in whatever order and with whatever comments it is written', () => {
    const text = `
      // defineRevision({ id: 'in a comment' })
      /* defineRevision({ */
      const example = "defineRevision({ id: 'in a text' })"
      export default defineRevision({
        async upgrade(op: Op): Promise<void> {
          // an unmatched ' and { in a comment
          await op.execute(\`insert into t values ('\${[1, 2].map((n) => \`\${n}}\`).join("'")}')\`)
          if (/[{'"\`/]{2}\\//.test('}')) return
          const half = (4) / 2 / 1
          await op.insert('t', [{ id: half, message: 'not this', down: ['nor this'] }])
        },
        downgrade: async (op) => { await op.execute('delete from t') }, // id: 'x'
        'message': 'add posts',
        createdAt: '2026-11-20T18:00:00Z', /* one */ down: [/* two */ 'a1'],
        id: 'b1'
      });
    `
    expect(readRevisionHeader(text)).toEqual({ header, hasDowngrade: true })
  })

  it('reads escapes as the language does', () => {
    const text = String.raw`'it\'s \\ "quoted"\nand \q\x21\u{21}'`
    expect(read(whole.replace("'add posts'", text))?.header.message).toBe('it\'s \\ "quoted"\nand q!!')
  })

  it.each([
    ['a computed value', whole.replace("'add posts'", "'add ' + table")],
    ['a template with something put in', whole.replace("'add posts'", '`add ${table}`')],
    ['a name instead of a list', whole.replace("['a1']", 'parents')],
    ['a list with a name in it', whole.replace("['a1']", '[parent]')],
    ['a wrong kind of value', whole.replace("['a1']", "'a1'")],
    ['a spread', `...common, ${whole}`],
    ['a shorthand', whole.replace("id: 'b1'", 'id')],
    ['a setting that it does not know', `${whole}, author: 'me'`],
    ['a value that is given twice', `${whole}, id: 'b2'`],
    ['a missing id', whole.replace("id: 'b1', ", '')],
    ['a missing upgrade', whole.replace('async upgrade(op) {}, ', '')],
  ])('is left to be evaluated because of %s', (_reason, properties) => {
    expect(read(properties)).toBeNull()
  })

  it.each([
    ['no revision', 'export default { id: 1 }'],
    ['two of them', `defineRevision({ ${whole} }); defineRevision({ ${whole} })`],
    ['a text that does not end', `defineRevision({ ${whole}, lossy: 'never`],
    ['a bracket that does not fit', `defineRevision({ ${whole.replace('(op) {}', '(op) { f(] }')} })`],
    ['an object that does not end', `defineRevision({ ${whole}`],
  ])('is not found in a file with %s', (_reason, text) => {
    expect(readRevisionHeader(text)).toBeNull()
  })
})

/** The file that a bundle imports in place of a folder. */
import { expect, it } from 'vitest'
import { renderIndex } from '../../../src/migrate/autogenerate/render-index.ts'

it('the index imports every revision, oldest first, under a name that says what it does', () => {
  const files = [
    { specifier: './20261120_1800_02bc5b2abef8_add_posts.ts', id: '02bc5b2abef8', message: 'Add posts' },
    { specifier: './20261121_0900_a1b2c3d4e5f6_add_posts.ts', id: 'a1b2c3d4e5f6', message: 'add posts' },
    { specifier: './20261122_0900_0f0f0f0f0f0f_delete.ts', id: '0f0f0f0f0f0f', message: 'delete' },
    { specifier: "./it's.ts", id: 'x-1', message: '…' },
  ]
  expect(renderIndex(files)).toBe(`/** All revisions, oldest first, so that a bundle finds them. Written by \`tidemark migrate\`; a change by hand is lost. */
import type { Revision } from 'tidemark/migrate';
import addPosts from './20261120_1800_02bc5b2abef8_add_posts.ts';
import addPosts_a1b2c3d4e5f6 from './20261121_0900_a1b2c3d4e5f6_add_posts.ts';
import revision_0f0f0f0f0f0f from './20261122_0900_0f0f0f0f0f0f_delete.ts';
import revision_x_1 from "./it's.ts";

export const revisions: readonly Revision[] = [
  addPosts,
  addPosts_a1b2c3d4e5f6,
  revision_0f0f0f0f0f0f,
  revision_x_1,
];
`)
})

it('the index of no revisions is an empty list, in the style that is asked for', () => {
  expect(renderIndex([], { style: { semicolons: false, quotes: 'double' } })).toContain('import type { Revision } from "tidemark/migrate"\n\nexport const revisions: readonly Revision[] = []\n')
})

it('an index in JavaScript has no types', () => {
  const text = renderIndex([{ specifier: './a.mjs', id: 'a1', message: 'first' }], { types: false })
  expect(text.split('\n').slice(1)).toEqual([`import first from './a.mjs';`, '', 'export const revisions = [', '  first,', '];', ''])
})

it('the name of a revision is one that its message makes and JavaScript allows', () => {
  const messages: Readonly<Record<string, string>> = {
    'Café für Übersetzer': 'cafeFurUbersetzer',
    'one two three four five six seven': 'oneTwoThreeFourFiveSix',
    '404 pages': 'revision_0a',
    'revisions': 'revisions_0a',
    'Revision': 'revision',
    'in': 'revision_0a',
    'instanceof': 'revision_0a',
    'await': 'revision_0a',
    'while': 'revision_0a',
    '東京': 'revision_0a',
  }
  for (const [message, name] of Object.entries(messages)) {
    const lines = renderIndex([{ specifier: './a.ts', id: '0a', message }]).split('\n')
    expect(lines).toContain(`import ${name} from './a.ts';`)
    expect(lines).toContain(`  ${name},`)
  }
})

/**
 * What failed is said in one form, since it is read as the first of three lines, as a heading and in front of a colon: it
 * begins with a capital and ends without a full stop. Read from the source, so that errors which no test meets count too.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What makes an error or writes its parts, with the place of what failed among its arguments. */
const makers: Readonly<Record<string, number>> = { TidemarkError: 1, abortedError: 0, postgresError: 0, writeParts: 1, leaveOpen: 1 }
/** What failed where it is made elsewhere: by one of the makers, or by the function that the last test asks. */
const passedOn = ['what', 'error.what', 'whatFailed(path)', 'whatFailed(this.#path)']

it('is so in every error of the tree', () => {
  const files = ['src', 'adapters', 'migrations'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))).filter((name) => name.endsWith('.ts'))
  const found = files.flatMap((file) => whatFailedIn(readFileSync(join(root, file), 'utf8')).map((text) => ({ file, text })))
  expect(found.filter(({ text }) => !isWellFormed(text))).toEqual([])
  // An empty reading would be well formed, too.
  expect(found.length).toBeGreaterThan(150)
  expect(new Set(found.map(({ file }) => file))).toContain('src/testio/failure.ts')
})

it.each([
  [`throw new TidemarkError('internal', 'Cannot do it', { why, next })`, true],
  [`throw new TidemarkError('internal', 'Cannot do it.', { why, next })`, false],
  ['throw new TidemarkError(code, `Cannot do "${it}".`, { why, next })', false],
  [`throw new TidemarkError(code, 'cannot do it', { why, next })`, false],
  [`throw new TidemarkError('internal', isGone ? 'It is gone' : 'Cannot do it.', { why, next })`, false],
  [`throw new TidemarkError('internal', made(here), { why, next })`, false],
  [`throw abortedError('Cannot do it.', signal)`, false],
  [`throw postgresError('Cannot do it.', error)`, false],
])('would be noticed: %s is well formed: %s', (source, expected) => {
  expect(whatFailedIn(source).map(isWellFormed)).toEqual([expected])
})

it('is so in the one text that is made by a function', () => {
  const made = /function whatFailed[^{]*\{\s*return (.*)\n/.exec(readFileSync(join(root, 'src/testio/failure.ts'), 'utf8'))?.[1] ?? ''
  expect(isWellFormed(made)).toBe(true)
})

/** The arguments, as they stand in the source. */
function whatFailedIn(source: string): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && ts.isIdentifier(node.expression)) {
      const argument = node.arguments?.[makers[node.expression.text] ?? -1]
      if (argument !== undefined) found.push(argument.getText())
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true))
  return found
}

function isWellFormed(text: string): boolean {
  return passedOn.includes(text) || /^(['`])[A-Z](?:(?!\1)[^])*(?!\.)(?!\1)[^]\1$/.test(text)
}

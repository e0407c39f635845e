/** Every name that an entry point of the package gives out says in its source what it gives: editors show that to whoever uses it. */
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

it('is so for every entry of the package', () => {
  const { exports: published } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }
  const names = Object.keys(published).filter((key) => key !== './package.json').map((key) => (key === '.' ? 'index' : key.slice('./'.length)))
  const sources = new Map([...read('tsup.config.ts').matchAll(/^ {4}(\w+): '((?:src|adapters)\/.+\.ts)',$/gm)].map(([, name = '', file = '']) => [name, file]))
  const found = names.flatMap((name) => namesIn(sources.get(name) ?? `no entry ${name}`))
  expect(found.filter(({ isDescribed }) => !isDescribed).map(({ name, file }) => `${name} in ${file}`)).toEqual([])
  // An empty reading would find nothing, too.
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['openTidemark', 'TidemarkError', 'c', 'RevisionGraph', 'BugTruth', 'sqljs', 'storageLawCases', 'createMcpServer']))
})

it.each([
  ['/** What it is. */\nexport const a = 1', [true]],
  ['export const a = 1', [false]],
  ['/** @example a() */\nexport function a() {}', [false]],
  ['/** What it is. */\nexport interface A {}\nexport type B = A', [true, false]],
  ['/** Of the file. */\n\nexport class A {}', [false]],
  ['const hidden = 1', []],
])('would be noticed: %j', (source, expected) => {
  expect(namesOf('source.ts', source).map(({ isDescribed }) => isDescribed)).toEqual(expected)
})

interface PublicName {
  readonly name: string
  readonly file: string
  readonly isDescribed: boolean
}

function namesIn(file: string): readonly PublicName[] {
  return namesOf(file, read(file))
}

/** What the file declares and exports, and what it passes on from others. */
function namesOf(file: string, text: string): readonly PublicName[] {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).statements.flatMap((statement): readonly PublicName[] => {
    if (ts.isExportDeclaration(statement)) return passedOn(file, statement)
    if (!ts.canHaveModifiers(statement) || ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return []
    // Behind a blank line it is about the file.
    const isDescribed = ts.getJSDocCommentsAndTags(statement).some((part) => ts.isJSDoc(part) && (ts.getTextOfJSDocComment(part.comment) ?? '') !== '' && !text.slice(part.end, statement.getStart()).includes('\n\n'))
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement as ts.Statement & { readonly name?: ts.Node }]
    return declared.map(({ name }) => ({ name: name?.getText() ?? 'default', file, isDescribed }))
  })
}

function passedOn(file: string, { moduleSpecifier, exportClause }: ts.ExportDeclaration): readonly PublicName[] {
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier) || exportClause === undefined || !ts.isNamedExports(exportClause)) throw new TypeError(`${file} exports in a way that is not read here`)
  const wanted = exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
  const there = namesIn(relative(root, join(root, dirname(file), moduleSpecifier.text)))
  return wanted.map((name) => there.find((candidate) => candidate.name === name) ?? { name, file, isDescribed: false })
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** What the source says of the codes of `TidemarkError`: their groups and meanings, and which folders give them out. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { TidemarkErrorCode } from '../../src/errors.ts'

export interface DescribedCode {
  readonly code: TidemarkErrorCode
  /** The comment above the first of its group. */
  readonly group: string
  readonly meaning: string
  readonly next: string
}

const root = join(import.meta.dirname, '../..')

/** In the order of `src/errors.ts`. */
export function describedCodes(): readonly DescribedCode[] {
  const source = readFileSync(join(root, 'src/errors.ts'), 'utf8')
  const [, union = ''] = /^export type TidemarkErrorCode =\n((?: {2}.*\n)+)/m.exec(source) ?? []
  const codes: DescribedCode[] = []
  let [group, doc] = ['', '']
  for (const line of union.trimEnd().split('\n')) {
    const [, heading, comment, code] = /^ {2}(?:\/\/ (.+)|\/\*\* (.+) \*\/|\| '(\w+)')$/.exec(line) ?? []
    if (heading !== undefined) group = heading
    else if (comment !== undefined) doc = comment
    else {
      const [meaning, next] = doc.split(' Next: ')
      if (code === undefined || meaning === undefined || next === undefined) throw new RangeError(`src/errors.ts does not say what to do about it: ${line}`)
      // It was read from the type itself.
      codes.push({ code: code as TidemarkErrorCode, group, meaning, next })
      doc = ''
    }
  }
  return codes
}

/** By code: the folders with a module that makes an error of it, like `src/sync` or `adapters/sqljs`. */
export function givers(codes: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const file of modules()) {
    const text = readFileSync(join(root, file), 'utf8')
    const visit = (node: ts.Node): void => {
      for (const code of madeBy(node)) {
        if (codes.has(code)) found.set(code, (found.get(code) ?? new Set()).add(folderOf(file)))
      }
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, false))
  }
  return new Map([...found].map(([code, folders]) => [code, [...folders].toSorted()]))
}

/** The words that may become a code here: first argument of the error, a property `code`, what a function returns, and the one of `abortedError`. */
function madeBy(node: ts.Node): readonly string[] {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'TidemarkError') return wordsOf(node.arguments?.[0])
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'code') return wordsOf(node.initializer)
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'abortedError') return ['aborted']
  return ts.isReturnStatement(node) ? wordsOf(node.expression) : []
}

/** What an expression can be, as far as it is written out. */
function wordsOf(node: ts.Expression | undefined): readonly string[] {
  if (node === undefined) return []
  if (ts.isStringLiteral(node)) return [node.text]
  if (ts.isConditionalExpression(node)) return [...wordsOf(node.whenTrue), ...wordsOf(node.whenFalse)]
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [...wordsOf(node.left), ...wordsOf(node.right)]
  return ts.isAsExpression(node) ? wordsOf(node.expression) : []
}

function modules(): readonly string[] {
  return ['src', 'adapters'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)).filter((name) => name.endsWith('.ts') && name !== 'src/errors.ts')
}

/** `src` for the modules that stand right in it. */
function folderOf(file: string): string {
  return dirname(file).split('/').slice(0, 2).join('/')
}

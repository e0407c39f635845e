/**
 * The calls of operations in the source of a revision, with what is certain about them: the method, the first arguments
 * that are written out, the batch and the function (upgrade or downgrade) around. What they do at run time is not followed.
 */
import type { Operation } from '../operation.ts'
import { type SourceToken, sourceTokens } from './source-tokens.ts'

export type Method = Operation['kind'] | 'query'

export interface SourceCall {
  readonly method: Method
  /** The first two, each undefined where it is no literal text. */
  readonly arguments: readonly (string | undefined)[]
  /** Undefined outside of a batch; the name of its table where that is written out, else null. */
  readonly batch: string | null | undefined
  readonly line: number
}

export interface SourceComment {
  readonly text: string
  readonly line: number
  /** Undefined outside of both functions. */
  readonly direction: 'upgrade' | 'downgrade' | undefined
  /** The call on its line in front of it, or the next one behind it. */
  readonly call: SourceCall | undefined
}

/** The comments that begin with two slashes. */
export function sourceComments(source: string): readonly SourceComment[] {
  const tokens = sourceTokens(source)
  const calls: { readonly call: SourceCall; readonly position: number }[] = []
  const comments: (Omit<SourceComment, 'call'> & { readonly position: number })[] = []
  const brackets: { readonly batch: string | null | undefined }[] = []
  let direction: SourceComment['direction']
  for (const [position, token] of tokens.entries()) {
    if (token.kind === 'comment') comments.push({ text: token.value ?? '', line: token.line, direction, position })
    else if (isFunction(tokens, position)) direction = token.value === 'upgrade' ? 'upgrade' : 'downgrade'
    else if (token.kind === 'symbol' && token.value === '(') {
      const method = methodAt(tokens, position)
      const around = brackets.at(-1)?.batch
      if (method === undefined) brackets.push({ batch: around })
      else {
        const written = literals(tokens, position)
        calls.push({ call: { method, arguments: written, batch: around, line: token.line }, position })
        brackets.push({ batch: method === 'batch' ? (written[0] ?? null) : around })
      }
    } else if (token.kind === 'symbol' && token.value === ')') brackets.pop()
  }
  return comments.map(({ position, ...comment }) => {
    const before = calls.findLast(({ call }) => call.line === comment.line)
    return { ...comment, call: (before ?? calls.find((call) => call.position > position))?.call }
  })
}

function isFunction(tokens: readonly SourceToken[], position: number): boolean {
  const [before, token, after] = [tokens[position - 1], tokens[position], tokens[position + 1]]
  return token?.kind === 'word' && (token.value === 'upgrade' || token.value === 'downgrade') && before?.value !== '.' && (after?.value === '(' || after?.value === ':' || after?.value === '=')
}

/** `.method(`, where the method is one of an operation. */
function methodAt(tokens: readonly SourceToken[], open: number): Method | undefined {
  return tokens[open - 2]?.value === '.' ? methods.find((method) => method === tokens[open - 1]?.value) : undefined
}

function literals(tokens: readonly SourceToken[], open: number): readonly (string | undefined)[] {
  const found: (string | undefined)[] = []
  let depth = 0
  let first = open + 1
  const all = tokens.slice(open + 1)
  for (const [index, token] of all.entries()) {
    const isEnd = depth === 0 && token.kind === 'symbol' && (token.value === ',' || token.value === ')')
    if (isEnd) {
      const [only, second] = tokens.slice(first, open + 1 + index).filter(({ kind }) => kind !== 'comment')
      if (only !== undefined) found.push(only.kind === 'string' && second === undefined ? only.value : undefined)
      first = open + 2 + index
      if (token.value === ')' || found.length === 2) break
    }
    if (token.kind === 'symbol' && ['(', '[', '{'].includes(token.value ?? '')) depth += 1
    if (token.kind === 'symbol' && [')', ']', '}'].includes(token.value ?? '')) depth -= 1
  }
  return found
}

const methods = Object.keys({
  addColumn: true, alterColumn: true, alterEnum: true, batch: true, createCheck: true, createEnum: true, createForeignKey: true, createIndex: true, createPrimaryKey: true, createTable: true,
  createUnique: true, dropColumn: true, dropConstraint: true, dropEnum: true, dropIndex: true, dropTable: true, execute: true, insert: true, query: true, renameTable: true,
  setColumnComment: true, setTableComment: true, updateInBatches: true,
} satisfies Record<Method, true>) as Method[]

/**
 * What can be learned from the text of a SQLite statement without running it, from its tokens: a `?` in a string, a comment
 * or a quoted name is never taken for a placeholder. No parser.
 */
import { type Token, isName, isSymbol, tokenize } from './ddl-tokens.ts'

/** What the text of a statement says about it. */
export interface StatementText {
  /** The main verb in lower case; after `with`, the verb of the statement itself. */
  readonly verb: string
  /** Offsets of the `?` placeholders. */
  readonly placeholders: readonly number[]
  /** A placeholder of another form (`?1`, `:name`, `@name`, `$name`), which the port does not have. */
  readonly foreignPlaceholder: boolean
  /** The table that an insert, update or delete writes. */
  readonly target: string | undefined
  /** False for a pure read. */
  readonly writes: boolean
  /** What is known about tables may be wrong after it. */
  readonly changesSchema: boolean
}

const verbs = new Set(['select', 'values', 'insert', 'replace', 'update', 'delete'])
const reads = new Set(['select', 'values', 'explain', ''])
const schemaVerbs = new Set(['create', 'drop', 'alter', 'rollback', 'attach', 'detach', 'vacuum'])
const beforeTarget = new Set(['into', 'update', 'from', 'or', 'rollback', 'abort', 'replace', 'fail', 'ignore'])

/** Reads it from the text; does not check the syntax. */
export function readStatementText(sql: string): StatementText {
  const tokens = tokenize(sql)
  const first = word(tokens[0])
  const main = first === 'with' ? verbOutside(tokens) : 0
  const verb = word(tokens[main])
  const assigns = tokens.some((token) => isSymbol(token, '='))
  return {
    verb,
    placeholders: tokens.filter((token, index) => isSymbol(token, '?') && !isForeign(token, tokens[index + 1])).map((token) => token.start),
    foreignPlaceholder: tokens.some((token, index) => isForeign(token, tokens[index + 1])),
    target: targetOf(tokens, main, verb),
    writes: verb === 'pragma' ? assigns : !reads.has(verb),
    changesSchema: schemaVerbs.has(verb) || (verb === 'pragma' && assigns),
  }
}

/** The text with each of `offsets` (one `?` each) replaced. */
export function replacePlaceholders(sql: string, offsets: readonly number[], replacement: string): string {
  let text = ''
  let from = 0
  for (const offset of offsets) {
    text += sql.slice(from, offset) + replacement
    from = offset + 1
  }
  return text + sql.slice(from)
}

/** True when nothing but blanks, comments and `;` is in the text. */
export function isBlankText(sql: string): boolean {
  return tokenize(sql).every((token) => isSymbol(token, ';'))
}

/** True when the end of the text, a comment or an open string, would make what is put behind it part of itself. */
export function swallows(sql: string, behind: ';' | '\n;'): boolean {
  const last = tokenize(sql + behind).at(-1)
  return last === undefined || !isSymbol(last, ';') || last.start !== sql.length + behind.length - 1
}

/** Where the verb stands that is in no parentheses; -1 where there is none. */
function verbOutside(tokens: readonly Token[]): number {
  let depth = 0
  return tokens.findIndex((token) => {
    if (isSymbol(token, '(')) depth += 1
    if (isSymbol(token, ')')) depth -= 1
    return depth === 0 && verbs.has(word(token))
  })
}

/** `?1`, `:name`, `@name`, `$name`. */
function isForeign(token: Token, next: Token | undefined): boolean {
  if (next === undefined || next.start !== token.end) return false
  return isSymbol(token, '?') ? next.kind === 'number' : ['word', 'number'].includes(next.kind) && [':', '@', '$'].some((mark) => isSymbol(token, mark))
}

function targetOf(tokens: readonly Token[], main: number, verb: string): string | undefined {
  const start = verb === 'update' ? main : tokens.findIndex((token, index) => index > main && word(token) === (verb === 'delete' ? 'from' : 'into'))
  if (!['insert', 'replace', 'update', 'delete'].includes(verb) || start < 0) return undefined
  let at = start
  while (beforeTarget.has(word(tokens[at]))) at += 1
  if (isSymbol(tokens[at + 1], '.')) at += 2
  const name = tokens[at]
  return isName(name) ? name.value : undefined
}

function word(token: Token | undefined): string {
  return token?.kind === 'word' ? token.value.toLowerCase() : ''
}

/**
 * What can be learned from the text of a SQLite statement without running it. A small exact tokenizer: strings,
 * comments and quoted names are skipped whole, so a `?` inside them is never taken for a placeholder. No parser.
 */

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

type TokenKind = 'word' | 'quoted' | 'string' | 'placeholder' | 'foreignPlaceholder' | 'other'
interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly text: string
  readonly depth: number
}

const verbs = new Set(['select', 'values', 'insert', 'replace', 'update', 'delete'])
const reads = new Set(['select', 'values', 'explain', ''])
const schemaVerbs = new Set(['create', 'drop', 'alter', 'rollback', 'attach', 'detach', 'vacuum'])
const beforeTarget = new Set(['into', 'update', 'from', 'or', 'rollback', 'abort', 'replace', 'fail', 'ignore'])

/** What the text of a statement says about it: its verb, its placeholders, whether it writes. Does not check the syntax. */
export function readStatementText(sql: string): StatementText {
  const tokens = tokenize(sql)
  const first = word(tokens[0])
  const main = first === 'with' ? tokens.findIndex((token, index) => index > 0 && token.depth === 0 && verbs.has(word(token))) : 0
  const verb = word(tokens[main])
  const assigns = tokens.some((token) => token.text === '=')
  return {
    verb,
    placeholders: tokens.filter((token) => token.kind === 'placeholder').map((token) => token.start),
    foreignPlaceholder: tokens.some((token) => token.kind === 'foreignPlaceholder'),
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
  return tokenize(sql).every((token) => token.text === ';')
}

/** True when the end of the text, a comment or an open string, would make what is put behind it part of itself. */
export function swallows(sql: string, behind: ';' | '\n;'): boolean {
  const last = tokenize(sql + behind).at(-1)
  return last?.text !== ';' || last.start !== sql.length + behind.length - 1
}

function targetOf(tokens: readonly Token[], main: number, verb: string): string | undefined {
  const start = verb === 'update' ? main : tokens.findIndex((token, index) => index > main && word(token) === (verb === 'delete' ? 'from' : 'into'))
  if (!['insert', 'replace', 'update', 'delete'].includes(verb) || start < 0) return undefined
  let at = start
  while (beforeTarget.has(word(tokens[at]))) at += 1
  if (tokens[at + 1]?.text === '.') at += 2
  const name = tokens[at]
  if (name?.kind === 'word') return name.text
  return name?.kind === 'quoted' || name?.kind === 'string' ? unquoted(name.text) : undefined
}

function unquoted(text: string): string {
  const close = text.at(-1) ?? ''
  return text.slice(1, -1).replaceAll(close + close, close)
}

function word(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toLowerCase() : ''
}

// One alternative for each kind of token; sticky, so every character is looked at once.
const lexeme =
  /(?<blank>[\s\ufeff]+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*'?)|(?<quoted>"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?)|(?<foreignPlaceholder>\?\d+|[:@$][\w$\u0080-\uffff]+)|(?<placeholder>\?)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<other>\d[\w.]*|[^])/y

function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  let depth = 0
  lexeme.lastIndex = 0
  for (let match = lexeme.exec(sql); match !== null; match = lexeme.exec(sql)) {
    const groups = match.groups ?? {}
    const text = match[0]
    const kind = kinds.find((name) => groups[name] !== undefined)
    if (kind === undefined) continue
    if (text === ')') depth -= 1
    tokens.push({ kind, start: match.index, text, depth })
    if (text === '(') depth += 1
  }
  return tokens
}

const kinds: readonly TokenKind[] = ['word', 'other', 'placeholder', 'string', 'quoted', 'foreignPlaceholder']

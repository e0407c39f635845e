/** The text of `migrations/index.ts`: all revisions as values, so that a bundle needs no file system to find them. */
import { textCode } from './code-literal.ts'
import { type CodeStyle, defaultStyle } from './code-style.ts'

export interface RevisionFile {
  /** As the index imports it: `./20261120_1800_02bc5b2abef8_add_posts.ts`. */
  readonly specifier: string
  readonly id: string
  readonly message: string
}

export interface RenderIndexOptions {
  /** Default: semicolons, single quotes, two spaces. */
  readonly style?: Partial<CodeStyle> | undefined
  /** False for an index in JavaScript. Default true. */
  readonly types?: boolean | undefined
}

/** @param files oldest first */
export function renderIndex(files: readonly RevisionFile[], options: RenderIndexOptions = {}): string {
  const style = { ...defaultStyle, ...options.style }
  const { types = true } = options
  const end = style.semicolons ? ';' : ''
  const names = identifiers(files)
  const list = names.length === 0 ? '[]' : `[\n${names.map((name) => `${style.indent}${name},\n`).join('')}]`
  return [
    '/** All revisions, oldest first, so that a bundle finds them. Written by `tidemark migrate`; a change by hand is lost. */\n',
    ...(types ? [`import type { Revision } from ${textCode('tidemark/migrate', style)}${end}\n`] : []),
    ...files.map((file, position) => `import ${names[position] ?? ''} from ${textCode(file.specifier, style)}${end}\n`),
    `\nexport const revisions${types ? ': readonly Revision[]' : ''} = ${list}${end}\n`,
  ].join('')
}

/** From the messages; with the id where two would be the same, or no name can be made of it. */
function identifiers(files: readonly RevisionFile[]): readonly string[] {
  const taken = new Set(['revisions'])
  return files.map(({ id, message }) => {
    const words = message.normalize('NFKD').replace(/\p{M}/gu, '').match(/[A-Za-z0-9]+/g) ?? []
    const camel = words.slice(0, 6).map((word, position) => (position === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())).join('')
    const plain = /^[a-z]/.test(camel) && !reserved.has(camel) ? camel : ''
    const name = plain !== '' && !taken.has(plain) ? plain : `${plain || 'revision'}_${id.replace(/\W/g, '_')}`
    taken.add(name)
    return name
  })
}

/** Words that no import can be called. */
const reserved = new Set(
  ('arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in ' +
    'instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield').split(' '),
)

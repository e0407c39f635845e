/**
 * The mutants of some source files, made by Stryker's instrumenter: every file is printed once, with all its mutants
 * inside, and the name in `globalThis.__stryker__.activeMutant` says which of them is switched on.
 * Leaves out what is only read by people: the texts of errors, findings and explanations.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

const silent = new Proxy({}, { get: (_, name) => (String(name).startsWith('is') ? () => false : () => {}) })

/** Properties whose values are sentences. */
const prose = new Set(['description', 'example', 'examples', 'explanation', 'help', 'meaning', 'message', 'next', 'summary', 'title', 'what', 'why'])

const sentence = /[a-z,;:] [a-z].* [a-z]/iu
const statement = /^\s*(select|insert|update|delete|create|alter|drop|pragma|with)\b/iu

const texts = {
  shouldIgnore(path) {
    if (path.isNewExpression() && path.node.callee.name?.endsWith('Error') === true) return 'text of an error'
    if (path.isObjectProperty() && prose.has(path.node.key.name)) return 'text for people'
    const isFragmentOfSql = path.parentPath?.isTaggedTemplateExpression() === true
    const text = path.isTemplateLiteral() && !isFragmentOfSql ? path.node.quasis.map((part) => part.value.raw).join('…') : path.isStringLiteral() ? path.node.value : ''
    return sentence.test(text) && !statement.test(text) ? 'text for people' : undefined
  },
}

/** The TypeScript files below the given files and folders. */
export function sourceFiles(places) {
  return places.flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place, { recursive: true }).filter((name) => name.endsWith('.ts')).toSorted().map((name) => join(place, name))
      : [place],
  )
}

/** The files with their mutants inside, and what each mutant is; a mutant with a `reason` is not switched on by anything. */
export async function mutantsOf(names) {
  const files = names.map((name) => ({ name, mutate: true, content: withoutCasts(readFileSync(name, 'utf8')) }))
  const made = await new Instrumenter(silent).instrument(files, { plugins: null, ignorers: [texts], excludedMutations: [] })
  return {
    codes: new Map(made.files.map((file) => [file.name, file.content])),
    mutants: made.mutants.map(({ id, fileName, location, mutatorName, replacement, statusReason }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      column: location.start.column + 1,
      original: excerpt(files.find((file) => file.name === fileName).content, location),
      mutator: mutatorName,
      replacement,
      reason: statusReason,
    })),
  }
}

/** Stryker takes what is cast for a type: declarations of dimensions and metrics would have no mutants. */
function withoutCasts(content) {
  return content.replaceAll(/ as const satisfies \w+$/gmu, (cast) => ' '.repeat(cast.length))
}

function excerpt(content, { start, end }) {
  const lines = content.split('\n').slice(start.line, end.line + 1)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column)
  lines[0] = lines[0].slice(start.column)
  return lines.join('\n')
}

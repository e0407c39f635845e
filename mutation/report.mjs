/** What became of each mutant, by module, and those that live. Also Vitest's global setup: prints when the run is over. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = resolve(import.meta.dirname, 'results')
export const places = { mutants: resolve(folder, 'mutants.json'), results: resolve(folder, 'results.json') }
const statuses = ['killed', 'survived', 'at load', 'not covered', 'ignored']

export default function setup() {
  return print
}

/** Mutants that no test noticed so far, with their `status`. */
export function livingMutants() {
  return judged().filter(({ status }) => status !== 'killed' && status !== 'ignored')
}

export function print() {
  for (const { id, status, file, line, column, mutator, original, replacement } of livingMutants()) {
    console.log(`${status} #${id} ${file}:${line}:${column} ${mutator}\n- ${short(original)}\n+ ${short(replacement)}`)
  }
  for (const test of results().spoiled) console.log(`left behind by a mutant, so not used to the end: ${test}`)
  const all = judged()
  for (const file of new Set(all.map((mutant) => mutant.file))) console.log(`${file.padEnd(48)} ${counts(all.filter((mutant) => mutant.file === file))}`)
  console.log(`${'all'.padEnd(48)} ${counts(all)}`)
}

function judged() {
  const { killed, covered, atLoad } = results()
  const [kills, covers, loads] = [killed, covered].map((pairs) => new Map(pairs)).concat(new Set(atLoad))
  return JSON.parse(readFileSync(places.mutants, 'utf8')).map((mutant) => ({
    ...mutant,
    status: mutant.reason !== undefined ? 'ignored' : kills.has(mutant.id) ? 'killed' : covers.has(mutant.id) ? 'survived' : loads.has(mutant.id) ? 'at load' : 'not covered',
  }))
}

function results() {
  return JSON.parse(readFileSync(places.results, 'utf8'))
}

function counts(mutants) {
  return statuses.map((status) => `${mutants.filter((mutant) => mutant.status === status).length} ${status}`).join(', ')
}

function short(code) {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length > 140 ? `${line.slice(0, 140)}…` : line
}

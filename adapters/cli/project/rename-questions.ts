/** Questions about renames: answered by flags, else by the person at the terminal, else left open. */
import { InvalidArgumentError, type Command } from 'commander'
import type { RenameQuestion } from '../../../src/migrate/autogenerate/renames.ts'
import type { Questions } from '../questions.ts'

export interface RenameAnswer {
  /** `old:new`, as autogenerate takes it. */
  readonly pair: string
  /** False: two things that have nothing to do with each other. */
  readonly isRename: boolean
}

export interface RenameFlags {
  /** Of both flags, in the order in which they were given. */
  readonly rename?: readonly RenameAnswer[] | undefined
}

export function renameFlags(command: Command): Command {
  const collect = (isRename: boolean) => (text: string, before: unknown): readonly RenameAnswer[] => [...(Array.isArray(before) ? before : []), { pair: pairOf(text), isRename }]
  // For the parser the second flag is the negative of the first, so both end in one list.
  return command
    .option('--rename <old:new>', 'answer: the same table or table.column under a new name', collect(true))
    .option('--no-rename <old:new>', 'answer: one is dropped, the other is new', collect(false))
}

/** `users.name:title` is short for `users.name:users.title`. */
function pairOf(text: string): string {
  const [from, to, ...more] = text.split(':').map((name) => name.trim())
  if (from === undefined || to === undefined || more.length > 0 || from === '' || to === '') throw new InvalidArgumentError('It must be old:new, each a table or table.column.')
  const [table, column] = from.split('.')
  return `${from}:${column !== undefined && !to.includes('.') ? `${table}.${to}` : to}`
}

/** Asks about each, but for those that an answer before has settled. */
export async function askRenames(person: Questions, questions: readonly RenameQuestion[]): Promise<readonly RenameAnswer[]> {
  const answers: RenameAnswer[] = []
  const settled = new Set<string>()
  for (const { kind, from, to, answer } of questions) {
    if (settled.has(from) || settled.has(to)) continue
    const choice = await person.choose(`The ${kind} ${from} is gone, and ${to} has come.`, [
      { value: 'rename', label: `It is the same ${kind} under a new name: keep what it holds` },
      { value: 'two', label: `They are two: drop ${from} with what it holds` },
    ])
    answers.push({ pair: answer, isRename: choice === 'rename' })
    if (choice === 'rename') settled.add(from).add(to)
  }
  return answers
}

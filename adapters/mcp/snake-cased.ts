/** `toSnakeCase` with a type, so that an item of the library that drifts from a tool's output schema does not compile. */
import { toSnakeCase } from '../../src/answers/snake-case.ts'

export type SnakeCased<T> = T extends readonly (infer Item)[]
  ? SnakeCased<Item>[]
  : T extends object
    ? { [Key in keyof T as SnakeKey<Key>]: SnakeCased<T[Key]> }
    : T

type SnakeKey<Key extends PropertyKey> = Key extends string ? (string extends Key ? Key : SnakeWord<Key>) : Key

type SnakeWord<Word extends string, Before extends string = ''> = Word extends `${infer Letter}${infer Rest}`
  ? `${SnakeLetter<Letter, Before>}${SnakeWord<Rest, Letter>}`
  : ''

type SnakeLetter<Letter extends string, Before extends string> = Letter extends Digit
  ? Before extends Digit | ''
    ? Letter
    : `_${Letter}`
  : Letter extends Lowercase<Letter>
    ? Letter
    : `_${Lowercase<Letter>}`

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/** The value with its keys, and those of everything in it, in snake_case. */
export function snakeCased<T>(value: T): SnakeCased<T> {
  return toSnakeCase(value) as SnakeCased<T>
}

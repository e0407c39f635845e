/**
 * When two columns of one engine have the same type. What counts is what a declaration can say: `int` and `integer`,
 * `decimal` and `numeric`, `varchar` without a length and `text` are the same; a type that no builder makes is compared
 * as the engine spells it.
 */
import type { Dialect } from '../storage/storage.ts'
import type { LiveColumn } from './introspect.ts'

export function sameType(dialect: Dialect, from: LiveColumn, to: LiveColumn): boolean {
  const [a, b] = [from.type, to.type]
  if (a.kind === 'text' && b.kind === 'text') return a.length === b.length
  if (a.kind === 'numeric' && b.kind === 'numeric') return a.precision === b.precision && (a.scale ?? 0) === (b.scale ?? 0)
  // The values of an enum type are compared once, not in each column.
  if (a.kind === 'enum' && b.kind === 'enum') return a.name === b.name
  if (a.kind === 'other' && b.kind === 'other') return spelling(dialect, from) === spelling(dialect, to)
  return a.kind === b.kind
}

function spelling(dialect: Dialect, { declaredType }: LiveColumn): string {
  // PostgreSQL prints a type in one way; SQLite keeps what was typed and minds neither blanks nor case.
  return dialect === 'postgres' ? declaredType : declaredType.toUpperCase().replace(/\s*([(),])\s*/g, '$1').replace(/\s+/g, ' ')
}

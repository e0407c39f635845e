/** Kind of a bug from the upstream word, which is a severity for functional bugs (API reference 5.5). */
import { bugSeverity } from './bug-severity.ts'

/** `functional`, or the upstream word: `visual`, `content`, `custom`, and whatever upstream adds; `unknown` when it gave none. */
export function bugKind(word: string | null): string {
  return bugSeverity(word) === null ? word || 'unknown' : 'functional'
}

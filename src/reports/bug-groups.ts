/** Groups of bugs and tests in the form that a tally takes. */
import { bugOutcomes } from '../model/bug-outcome.ts'
import { bugSeverity } from '../model/bug-severity.ts'
import type { CountedGroup } from './count-groups.ts'
import type { BugGroup, TestGroup } from './tally.ts'

/** What bugs have to be grouped by. */
export const bugParts = ['kind', 'severity', 'outcome'] as const
/** What tests have to be grouped by. */
export const testParts = ['test_status', 'testing_type'] as const

export function toBugGroup({ value, figures }: CountedGroup): BugGroup {
  const severity = value('severity')
  return {
    count: figures['bug_count'] ?? 0,
    kind: String(value('kind')),
    severity: typeof severity === 'string' ? bugSeverity(severity) : null,
    outcome: bugOutcomes.find((outcome) => outcome === value('outcome')) ?? 'other',
  }
}

export function toTestGroup({ value, figures }: CountedGroup): TestGroup {
  const type = value('testing_type')
  return { count: figures['test_count'] ?? 0, status: String(value('test_status')), type: typeof type === 'string' ? type : null }
}

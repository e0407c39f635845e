/** A rebuild on SQLite copies the table, while nobody can write the database. A batch takes one for all its changes. */
import { rebuildNeed } from '../../../storage/sqlite/ddl-plan.ts'
import type { TableOperation } from '../../operation.ts'
import { type Judgement, type LintStep, rule, sized } from '../rule.ts'
import { isFilled, isLarge } from '../schema-trail.ts'

export const rebuildLargeTable = rule({
  id: 'rebuild-large-table',
  dialect: 'sqlite',
  looksAt: ['batch', 'alterEnum', 'addColumn', 'dropColumn', 'alterColumn', 'createPrimaryKey', 'createUnique', 'createForeignKey', 'createCheck', 'dropConstraint'],
  check(operation, step): Judgement | undefined {
    if (step.isInBatch) return undefined
    if (operation.kind === 'alterEnum') return step.trail.tablesWithEnum(operation.name).map((table) => judged(table, 'perhaps', step)).find((judgement) => judgement !== undefined)
    return judged(operation.table, needOf(operation.kind === 'batch' ? operation.operations : [operation]), step)
  },
})

function judged(name: string, need: 'always' | 'perhaps' | 'never', { trail }: LintStep): Judgement | undefined {
  const table = trail.table(name)
  const large = isLarge(table)
  if (need === 'never' || large === false || !isFilled(table)) return undefined
  return {
    severity: large === true && need === 'always' ? 'warning' : 'notice',
    why: `SQLite ${need === 'always' ? 'cannot change it in place' : 'may not be able to change it in place'}: all rows of ${sized(table)} are copied, which takes as much room again, and meanwhile nobody can write the database.`,
    safer: 'Put all changes to the table into one `op.batch`, so that it is copied once, and run it when nobody waits.',
  }
}

function needOf(changes: readonly TableOperation[]): 'always' | 'perhaps' | 'never' {
  const needs = changes.map(rebuildNeed)
  return needs.includes('always') ? 'always' : needs.includes('perhaps') ? 'perhaps' : 'never'
}

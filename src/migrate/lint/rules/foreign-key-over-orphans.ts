/** A foreign key over rows that refer to nothing. PostgreSQL's NOT VALID lets them be. */
import { rule } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const foreignKeyOverOrphans = rule({
  id: 'foreign-key-over-orphans',
  looksAt: ['createForeignKey'],
  async check({ table: name, foreignKey, notValid }, { dialect, trail, facts }) {
    const table = trail.table(name)
    if (!isFilled(table) || (notValid && dialect === 'postgres')) return undefined
    // A column that was just added without values refers to nothing that could be missing.
    if (!table.isTouched && foreignKey.columns.some((column) => trail.column(name, column).isBare)) return undefined
    const orphans = await facts.hasOrphans(name, foreignKey.columns, foreignKey.references)
    if (orphans === 'no') return undefined
    const safer = `Delete the orphans, or set their columns to null, in an earlier step${dialect === 'postgres' ? '; or add the key with `notValid: true`, put them right, and validate it later' : ''}.`
    if (orphans === 'yes' && !table.isTouched) return { severity: 'error', why: `Rows of table "${name}" refer to rows of "${foreignKey.references.table}" that are not there, so foreign key "${foreignKey.name}" fails.`, safer }
    return { severity: orphans === 'yes' ? 'notice' : 'warning', why: `Foreign key "${foreignKey.name}" would fail if a row of table "${name}" refers to one that is not there${orphans === 'yes' ? ', unless the statements before have put that right' : '; only a database can tell'}.`, safer }
  },
})

/** Counts the statements that sql.js compiles: none, where all are kept prepared. */
import initSqlJs from 'sql.js'

/** @param work during which nothing else uses sql.js */
export async function countCompiled(work: () => Promise<unknown>): Promise<number> {
  // The same module for the whole process, so the adapter's databases are of this class.
  const { prototype } = (await initSqlJs()).Database
  const { iterateStatements } = prototype
  let compiled = 0
  prototype.iterateStatements = function counted(sql) {
    compiled += 1
    return iterateStatements.call(this, sql)
  }
  try {
    await work()
    return compiled
  } finally {
    prototype.iterateStatements = iterateStatements
  }
}

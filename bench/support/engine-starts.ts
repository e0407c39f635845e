/** Counts the engines that work starts in this process: databases of sql.js, and WebAssembly instances, of which every PGlite needs one. */
import initSqlJs from 'sql.js'

/** @param work during which nothing else starts an engine; sql.js has been loaded before */
export async function countEngineStarts(work: () => Promise<unknown>): Promise<number> {
  const sqlJs = await initSqlJs()
  const { Database } = sqlJs
  const { instantiate } = WebAssembly
  let starts = 0
  sqlJs.Database = new Proxy(Database, {
    construct(target, args, newTarget): object {
      starts += 1
      return Reflect.construct(target, args, newTarget)
    },
  })
  WebAssembly.instantiate = new Proxy(instantiate, {
    apply(target, self, args): unknown {
      starts += 1
      return Reflect.apply(target, self, args)
    },
  })
  try {
    await work()
    return starts
  } finally {
    sqlJs.Database = Database
    WebAssembly.instantiate = instantiate
  }
}

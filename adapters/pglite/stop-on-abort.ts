/**
 * When its WebAssembly aborts (PostgreSQL does that by itself when it cannot write a commit, on a full disk for example),
 * PGlite calls into what is left of it, in some cases for ever. Here it is stopped: nothing in it runs any more, so that
 * nothing is written by it either, and whoever asks it something is told.
 */

/** Thrown by a PGlite that was stopped; `cause` is the reason. */
export class EngineStopped extends Error {}

const entries = ['_PostgresMainLoopOnce', '_PostgresMainLongJmp', '_PostgresSendReadyForQueryIfNecessary', '_pgl_pq_flush', '_pgl_run_atexit_funcs'] as const
const atTheEnd = ['_pgl_setPGliteActive', '_emscripten_force_exit'] as const

/** The ways into the WebAssembly that PGlite takes for a statement and to close; its types leave out some. */
export type EngineModule = Record<(typeof entries)[number] | (typeof atTheEnd)[number] | 'stackRestore', (value?: number) => unknown>

/** @param reason asked when it aborts; undefined where nothing better is known than the abort itself */
export function stopOnAbort(module: EngineModule, reason: () => unknown): void {
  const stop = (abort: Error): void => {
    const refuse = (): never => {
      throw new EngineStopped('PGlite was stopped', { cause: reason() ?? abort })
    }
    for (const name of [...entries, ...atTheEnd]) module[name] = () => 0
    // PGlite catches what the first throws, and goes on to the second, whose error ends its loop.
    module._PostgresMainLoopOnce = refuse
    module.stackRestore = refuse
  }
  for (const name of entries) {
    const enter = module[name]
    module[name] = (value) => {
      try {
        return enter(value)
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) stop(error)
        throw error
      }
    }
  }
}

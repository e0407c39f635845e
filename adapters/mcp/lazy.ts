/** A value that is made when it is first asked for, once; a failure is not kept, so that the next one who asks tries again. */

export interface Lazy<T> {
  readonly get: () => Promise<T>
  /** What was made or is being made; undefined before the first `get` and after a failure. */
  readonly made: Promise<T> | undefined
}

export function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined
  return {
    get() {
      made ??= make().catch((error: unknown) => {
        made = undefined
        throw error
      })
      return made
    },
    get made() {
      return made
    },
  }
}

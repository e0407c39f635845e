/**
 * What a test file leaves behind is removed when it is done. Vitest setup file: modules are shared by the test files of
 * a worker, so a hook of a module itself would run for the first of them only.
 */
import { afterAll } from 'vitest'

const cleanups: (() => Promise<void>)[] = []

/** Runs when the test file is done; what was asked last runs first. */
export function afterFile(cleanUp: () => Promise<void>): void {
  cleanups.push(cleanUp)
}

afterAll(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp()
})

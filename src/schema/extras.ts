import type { Extras } from './introspect.ts'

/** As a member to be spread: sorted, and left out where there is nothing. */
export function withExtras(extras: readonly string[]): { readonly extras?: Extras } {
  return extras.length === 0 ? {} : { extras: extras.toSorted() }
}

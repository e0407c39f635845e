/** A device requirement of a test as a person would write it: `Windows 10+`, `iOS 16–18 (Smartphones) with Safari`. */

/** A row of `test_platforms`, as far as it is told. */
export interface Requirement {
  readonly category: string | null
  readonly operating_system: string | null
  readonly min_version: string | null
  readonly max_version: string | null
  readonly browsers: readonly string[]
}

/** The category is left out for computers, which their operating systems imply; phones and tablets share theirs. */
export function requirementText({ category, operating_system: system, min_version: min, max_version: max, browsers }: Requirement): string {
  if (system === null) return withBrowsers(category ?? 'Any device', browsers)
  const device = category === null || /^(?:computers?|desktops?)$/iu.test(category) ? '' : ` (${category})`
  return withBrowsers(`${system}${versions(min, max)}${device}`, browsers)
}

function versions(min: string | null, max: string | null): string {
  if (min === null) return max === null ? '' : ` up to ${max}`
  if (max === null) return ` ${min}+`
  return min === max ? ` ${min}` : ` ${min}–${max}`
}

function withBrowsers(text: string, browsers: readonly string[]): string {
  return browsers.length === 0 ? text : `${text} with ${browsers.join(', ')}`
}

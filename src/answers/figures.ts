/** How numbers, shares and moments are written for people. Moments are in UTC, and short. */

/** `1,234`; a dash for none. */
export function count(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en-US')
}

/** `1 test`, `2 tests`. */
export function counted(value: number, singular: string, plural: string = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`
}

/** `37.5 %`; a dash where there is nothing to divide by. */
export function share(fraction: number | null): string {
  return fraction === null ? '–' : `${(fraction * 100).toFixed(1)} %`
}

/** `2026-03-03` of an instant; a dash for none. */
export function day(instant: string | null): string {
  return instant === null ? '–' : instant.slice(0, 10)
}

/** `2026-03-03 08:00` of an instant; a dash for none. */
export function minute(instant: string | null): string {
  return instant === null ? '–' : `${instant.slice(0, 10)} ${instant.slice(11, 16)}`
}

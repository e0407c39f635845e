/** Instants as milliseconds and as UTC text; the only place where the simulator turns one into the other. */

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** UTC ISO-8601 with milliseconds. */
export function iso(ms: number): string {
  return new Date(ms).toISOString()
}

export function msOf(instant: string): number {
  return Date.parse(instant)
}

/** Dates as the API writes them: one account mixes offsets, and forms with and without milliseconds. */
import { HOUR, MINUTE, msOf } from '../instant.ts'

const OFFSETS: readonly number[] = [60, 120, 0, -300]

/** Schedule dates: any offset, mostly without milliseconds. `variant` chooses, and stays the same for one entity. */
export function scheduleDate(instant: string, variant: number): string
export function scheduleDate(instant: string | null, variant: number): string | null
export function scheduleDate(instant: string | null, variant: number): string | null {
  if (instant === null) return null
  const ms = msOf(instant)
  return withOffset(ms, offsetOf(variant), variant % 6 === 5 || ms % 1000 !== 0)
}

/** Dates of bugs and comments: any offset, always with milliseconds, now and then as `Z`. */
export function momentDate(instant: string, variant: number): string
export function momentDate(instant: string | null, variant: number): string | null
export function momentDate(instant: string | null, variant: number): string | null {
  if (instant === null) return null
  return variant % 7 === 6 ? instant : withOffset(msOf(instant), offsetOf(variant), true)
}

function offsetOf(variant: number): number {
  return OFFSETS[variant % OFFSETS.length] ?? 0
}

function withOffset(ms: number, offsetMinutes: number, milliseconds: boolean): string {
  const local = new Date(ms + offsetMinutes * MINUTE).toISOString()
  const hours = String(Math.floor(Math.abs(offsetMinutes * MINUTE) / HOUR)).padStart(2, '0')
  return `${local.slice(0, milliseconds ? 23 : 19)}${offsetMinutes < 0 ? '-' : '+'}${hours}:00`
}

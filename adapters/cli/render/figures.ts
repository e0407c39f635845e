/** How durations and sizes are written for people. */

/** How long something took: `3.2 s`, `4 min 10 s`. */
export function seconds(value: number): string {
  const whole = Math.round(value)
  return whole < 60 ? `${value.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** `45 s`, `12 min`, `3 h`, `9 d`. */
export function age(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** `1.4 MB`. */
export function bytes(value: number | null): string {
  if (value === null) return '–'
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(0)} KB`
  return `${(value / 1024 / 1024).toFixed(1)} MB`
}

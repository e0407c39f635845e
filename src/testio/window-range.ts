/**
 * Which window of a list to read next. The API counts in pages, so a window begins at a multiple of its size; by the choice
 * of the size it begins with rows that were read before, which shows whether rows have moved since. Pure arithmetic.
 */

export interface WindowRange {
  /** Rows before it; a multiple of `size`. */
  readonly start: number
  readonly size: number
}

/** Rows that a window may begin with. */
export interface Overlap {
  readonly from: number
  readonly to: number
}

/** Larger pages have been seen to fail. */
const MAX_SIZE = 30

/** The window that reaches furthest behind `next` and begins inside the overlap; null when there is none. */
export function widestWindow(next: number, overlap: Overlap): WindowRange | null {
  return best(overlapping(next, overlap), (end) => end)
}

/** The window inside the overlap that ends nearest to the middle of `next` and `below`; null when none ends before `below`. */
export function middleWindow(next: number, below: number, overlap: Overlap): WindowRange | null {
  const middle = (next + below) / 2
  return best(overlapping(next, overlap).filter((range) => endOf(range) < below), (end) => -Math.abs(end - middle))
}

/** The largest window that begins at `next` itself, and so overlaps nothing. */
export function blindWindow(next: number): WindowRange {
  for (let size = MAX_SIZE; ; size--) if (next % size === 0) return { start: next, size }
}

export function endOf({ start, size }: WindowRange): number {
  return start + size
}

function overlapping(next: number, { from, to }: Overlap): readonly WindowRange[] {
  const sizes = Array.from({ length: MAX_SIZE }, (_, index) => index + 1)
  // A window holds `next` wherever it begins.
  return sizes.map((size) => ({ start: next - (next % size), size })).filter(({ start }) => start >= from && start <= to)
}

/** Of equal ones the last, which is the larger one. */
function best(ranges: readonly WindowRange[], worth: (end: number) => number): WindowRange | null {
  return ranges.reduce<WindowRange | null>((found, range) => (found !== null && worth(endOf(found)) > worth(endOf(range)) ? found : range), null)
}

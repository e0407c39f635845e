/** The word that somebody probably meant, for the "did you mean" of an error. Compares without regard to case. */

/** The nearest of the words, the first of equals; undefined when none is near enough to be meant. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const asked = word.toLowerCase()
  let best: { readonly word: string; readonly distance: number } | undefined
  for (const candidate of words) {
    const distance = distanceWithin(tolerance(asked, candidate), asked, candidate.toLowerCase())
    if (distance !== undefined && (best === undefined || distance < best.distance)) best = { word: candidate, distance }
  }
  return best?.word
}

function tolerance(asked: string, candidate: string): number {
  return Math.max(1, Math.floor(Math.max(asked.length, candidate.length) / 3))
}

/** Undefined when it is more than that: a long text is not compared letter by letter with a short one. */
function distanceWithin(most: number, a: string, b: string): number | undefined {
  if (Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a))) return a === b ? 0 : 1
  if (Math.abs(a.length - b.length) > most) return undefined
  const distance = editsBetween(a, b)
  return distance <= most ? distance : undefined
}

/** Inserts, deletes, replacements and swaps of neighbours from one to the other. */
function editsBetween(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replace = at(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = swapped ? at(before, column - 2) + 1 : Infinity
      current.push(Math.min(at(above, column) + 1, at(current, column - 1) + 1, replace, swap))
    }
    before = above
    above = current
  }
  return at(above, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}

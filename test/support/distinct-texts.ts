/** What the set of some texts has to be, written without the code that makes it. The names of our accounts are ASCII: their order is that of their code points. */
export function distinctTexts(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted()
}

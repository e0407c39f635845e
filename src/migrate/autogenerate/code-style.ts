/** The style of a project's code, as far as revision files show it: semicolons, quotes, indentation. */

/** How the code of revision files is written. */
export interface CodeStyle {
  readonly semicolons: boolean
  readonly quotes: 'single' | 'double'
  /** One step: spaces or a tab. */
  readonly indent: string
}

export const defaultStyle: CodeStyle = { semicolons: true, quotes: 'single', indent: '  ' }

/** The style of a source file; what it does not show is as in `defaultStyle`. */
export function detectStyle(source: string): CodeStyle {
  const lines = source.split(/\r?\n/)
  const code = lines.filter((line) => !/^\s*(?:\/\/|\/\*|\*)/.test(line))
  const imports = code.filter((line) => /^(?:import|export)\b.*\bfrom\s+['"]/.test(line) || /^import\s+['"]/.test(line))
  const ends = imports.length > 0 ? imports : code.filter((line) => /[\w)\]}'"`];?$/.test(line) && !/^\s*[}\])]*$/.test(line))
  const semicolons = ends.filter((line) => line.trimEnd().endsWith(';')).length
  const texts = (imports.length > 0 ? imports : code).join('\n')
  const single = texts.split("'").length
  const double = texts.split('"').length
  const indented = code.flatMap((line) => /^(\t| {2,})\S/.exec(line)?.[1] ?? [])
  const smallest = indented.toSorted((a, b) => a.length - b.length)[0]
  return {
    semicolons: ends.length === 0 ? defaultStyle.semicolons : semicolons * 2 >= ends.length,
    quotes: single === double ? defaultStyle.quotes : single > double ? 'single' : 'double',
    indent: smallest ?? defaultStyle.indent,
  }
}

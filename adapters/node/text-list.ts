/** One way to write several values in one text, for flags and for the environment: `598`, `1,2,3` or `["a, b", "c"]`. */

/** The values, trimmed, without empty ones; null when the text starts like a JSON list and is none. */
export function parseTextList(text: string): readonly string[] | null {
  const trimmed = text.trim()
  const values = trimmed.startsWith('[') ? parseJsonList(trimmed) : trimmed.split(',')
  return values && values.map((value) => value.trim()).filter((value) => value !== '')
}

function parseJsonList(text: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : null
  } catch {
    return null
  }
}

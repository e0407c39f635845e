/**
 * The JSON form of an answer: the library speaks camelCase, the command line and MCP snake_case, and this is the only
 * place where one becomes the other. Keys change, values never do.
 */

/**
 * The same value with the camelCase keys of its plain objects, at every depth, in snake_case: `testsLast30Days` →
 * `tests_last_30_days`. A key without an upper-case letter (`as_of`, `sha256`) and one that is not a plain identifier
 * (`Windows 10`) stay as they are; so does everything that is not an array or a plain object. The input is not changed.
 */
export function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase)
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snakeCaseKey(key), toSnakeCase(inner)]))
}

function snakeCaseKey(key: string): string {
  if (!/^[a-z][a-zA-Z0-9]*[A-Z][a-zA-Z0-9]*$/.test(key)) return key
  return key
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([a-zA-Z])([0-9])/g, '$1_$2')
    .toLowerCase()
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

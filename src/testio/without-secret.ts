/** Makes an error of foreign origin safe to keep as a cause. */

/** A plain copy of an error and its causes: name, message, stack and code only, with the secret replaced wherever it stands. */
export function withoutSecret(error: unknown, secret: string): Error {
  const clean = (text: string): string => text.replaceAll(secret, '[secret]')
  if (!(error instanceof Error)) return new Error(clean(String(error)))
  const copy = new Error(clean(error.message), error.cause === undefined ? {} : { cause: withoutSecret(error.cause, secret) })
  copy.name = clean(error.name)
  if (error.stack !== undefined) copy.stack = clean(error.stack)
  return 'code' in error && typeof error.code === 'string' ? Object.assign(copy, { code: clean(error.code) }) : copy
}

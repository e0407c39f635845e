/** The last line of defence for text that leaves the program: secrets that are known are taken out of it. */

/**
 * A function that replaces every one of the secrets by `[redacted]`, also in its percent-encoded form. Shorter ones than
 * four characters are left: they are in every text by chance, and what is left around the holes would tell them.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets.filter((secret) => secret.length >= 4).flatMap((secret) => [secret, encodeURIComponent(secret)])
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length)
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}

/** The password of a URL, in every spelling in which it can turn up; empty when it has none. */
export function passwordsOfUrl(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  const { password, searchParams } = new URL(url)
  return [password, decoded(password), searchParams.get('password') ?? ''].filter((secret) => secret !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** How revision files are called: a template with the id, a few words of the message and the UTC moment. */

export const defaultFileName = '%Y%m%d_%H%M_%rev_%slug.ts'

const revisionExtension = /\.m?[jt]s$/

/** Whether a file of that name in the folder is a revision; `index.*` is the list of them, for bundles. */
export function isRevisionFileName(name: string): boolean {
  return revisionExtension.test(name) && !/^index\.|\.d\.m?ts$/.test(name)
}

/** What is wrong with a template, in words; null when nothing is. */
export function mistakeInFileName(template: string): string | null {
  const unknown = [...template.matchAll(/%[a-zA-Z]*/g)].map(([token]) => token).filter((token) => !tokens.test(token))
  if (unknown.length > 0) return `does not know ${unknown.join(', ')}; there are %rev, %slug, %Y, %m, %d, %H, %M and %S`
  if (/[\\/]/.test(template)) return 'must be a name, without folders'
  if (!/%rev|%slug/.test(template)) return 'must hold %rev or %slug, so that no two files have one name'
  return isRevisionFileName(template) ? null : 'must end in .ts, .mts, .js or .mjs and must not be an index'
}

const tokens = /^%(rev|slug|[YmdHMS])$/

export interface FileNameParts {
  readonly id: string
  readonly message: string
  readonly createdAt: Date
}

export function fileNameOf(template: string, { id, message, createdAt }: FileNameParts): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = createdAt.toISOString().split(/[-T:.]/)
  const values: Readonly<Record<string, string>> = { rev: id, slug: slugOf(message), Y: year, m: month, d: day, H: hour, M: minute, S: second }
  return template.replace(/%(rev|slug|[YmdHMS])/g, (_token, name: string) => values[name] ?? '')
}

/** The words of a message as part of a file name, at most 40 characters. Letters of any script stay. */
function slugOf(message: string): string {
  const plain = message.normalize('NFKD').replace(/\p{Mark}/gu, '').normalize('NFC').toLowerCase()
  const words = plain.split(/[^\p{Letter}\p{Number}]+/u).filter((word) => word !== '')
  const whole = [...(words.join('_') || 'revision')]
  if (whole.length <= 40) return whole.join('')
  // Between words, unless the first one is longer than a name may be.
  const cut = whole.slice(0, 41).lastIndexOf('_')
  return whole.slice(0, cut > 0 ? cut : 40).join('')
}

/** The source text of a revision file, as a person would write it. What it does when evaluated is what was planned. */
import { type NamingConvention, defaultNaming } from '../../schema/table.ts'
import type { Operation } from '../operation.ts'
import { textCode } from './code-literal.ts'
import { type CodeStyle, defaultStyle } from './code-style.ts'
import { operationsCode, remarkCode, usesBuilders } from './operation-code.ts'

/** What the source is made of. */
export interface RevisionSource {
  readonly id: string
  readonly down: readonly string[]
  readonly dependsOn?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly message: string
  /** ISO-8601, UTC. */
  readonly createdAt: string
  /** Why the way back loses data. */
  readonly lossy?: string | undefined
  /** Why there is no way back; then there is no downgrade. */
  readonly irreversible?: string | undefined
  /** False for what cannot run inside a transaction. */
  readonly transaction?: boolean | undefined
  /** None for a merge, or for a revision that a person will fill. */
  readonly upgrade?: readonly Operation[] | undefined
  readonly downgrade?: readonly Operation[] | undefined
  /** What is said above the operation, or at the beginning of the direction, that it is about; the rest is not written. */
  readonly notices?: readonly RevisionNotice[] | undefined
}

export interface RevisionNotice {
  readonly direction?: 'upgrade' | 'downgrade' | undefined
  readonly operation?: Operation | undefined
  readonly text: string
}

/** How the source is written. */
export interface RenderOptions {
  /** Of the schema: names that follow it are left out. Default `defaultNaming`. */
  readonly naming?: NamingConvention | undefined
  /** Default: semicolons, single quotes, two spaces. `detectStyle` reads it off another file. */
  readonly style?: Partial<CodeStyle> | undefined
}

/**
 * The text of a revision file that makes these operations.
 *
 * @throws TypeError for an operation with values that no code can say, such as a marked JSON parameter
 */
export function renderRevision(revision: RevisionSource, options: RenderOptions = {}): string {
  const style = { ...defaultStyle, ...options.style }
  const end = style.semicolons ? ';' : ''
  const { upgrade = [], downgrade = [], notices = [] } = revision
  const text = (value: string): string => textCode(value, style)
  const list = (values: readonly string[] = []): string => `[${values.map(text).join(', ')}]`
  const remarks = new Map(notices.flatMap(({ operation, text: remark }) => (operation === undefined ? [] : [[operation, remark]])))
  const method = (name: 'upgrade' | 'downgrade', operations: readonly Operation[]): string => {
    if (operations.length === 0) return `async ${name}(${revision.down.length > 1 ? '' : 'op'}) {},`
    const first = notices.filter(({ direction, operation }) => direction === name && operation === undefined).map((notice) => remarkCode(notice.text, style.indent.repeat(2)))
    return `async ${name}(op) {\n${first.join('')}${operationsCode(operations, { naming: options.naming ?? defaultNaming, style, remarks }, 2)}${style.indent}},`
  }
  const fields = [
    `id: ${text(revision.id)},`,
    `down: ${list(revision.down)},`,
    `dependsOn: ${list(revision.dependsOn)}, labels: ${list(revision.labels)},`,
    `message: ${text(revision.message)}, createdAt: ${text(revision.createdAt)},`,
    ...(revision.lossy === undefined ? [] : [`lossy: ${text(revision.lossy)},`]),
    ...(revision.irreversible === undefined ? [] : [`irreversible: ${text(revision.irreversible)},`]),
    ...(revision.transaction === false ? ['transaction: false,'] : []),
    method('upgrade', upgrade),
    ...(revision.irreversible === undefined ? [method('downgrade', downgrade)] : []),
  ]
  return [
    `import { defineRevision } from ${text('tidemark/migrate')}${end}\n`,
    [...upgrade, ...(revision.irreversible === undefined ? downgrade : [])].some(usesBuilders) ? `import { c } from ${text('tidemark/schema')}${end}\n` : '',
    '\nexport default defineRevision({\n',
    fields.map((field) => `${style.indent}${field}\n`).join(''),
    `})${end}\n`,
  ].join('')
}

/** The source text of a revision file, as a person would write it. What it does when evaluated is what was planned. */
import { type NamingConvention, defaultNaming } from '../../schema/table.ts'
import type { Operation } from '../operation.ts'
import { textCode } from './code-literal.ts'
import { type CodeStyle, defaultStyle } from './code-style.ts'
import { operationsCode, usesBuilders } from './operation-code.ts'

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
  /** What is said above the operations that they are about; the others are not written. */
  readonly notices?: readonly { readonly operation?: Operation | undefined; readonly text: string }[] | undefined
}

export interface RenderOptions {
  /** Of the schema: names that follow it are left out. Default `defaultNaming`. */
  readonly naming?: NamingConvention | undefined
  /** Default: semicolons, single quotes, two spaces. `detectStyle` reads it off another file. */
  readonly style?: Partial<CodeStyle> | undefined
}

/** @throws TypeError for an operation with values that no code can say, such as a marked JSON parameter */
export function renderRevision(revision: RevisionSource, options: RenderOptions = {}): string {
  const style = { ...defaultStyle, ...options.style }
  const end = style.semicolons ? ';' : ''
  const { upgrade = [], downgrade = [] } = revision
  const text = (value: string): string => textCode(value, style)
  const list = (values: readonly string[] = []): string => `[${values.map(text).join(', ')}]`
  const remarks = new Map(revision.notices?.flatMap(({ operation, text }) => (operation === undefined ? [] : [[operation, text]])))
  const lines = (operations: readonly Operation[]): string => operationsCode(operations, { naming: options.naming ?? defaultNaming, style, remarks }, 2)
  const method = (name: 'upgrade' | 'downgrade', operations: readonly Operation[]): string =>
    operations.length === 0 ? `async ${name}(${revision.down.length > 1 ? '' : 'op'}) {},` : `async ${name}(op) {\n${lines(operations)}${style.indent}},`
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

/** `--format`, for commands that print rows: a table for people, JSON or CSV for programs. `--json` is short for one of them. */
import { Option, type Command } from 'commander'
import { TidemarkError } from '../../src/errors.ts'
import type { Invocation } from './invocation.ts'

const formats = ['table', 'json', 'csv'] as const
export type OutputFormat = (typeof formats)[number]

interface FormatFlag {
  readonly format?: OutputFormat | undefined
}

export function addFormatOption(command: Command): void {
  command.addOption(new Option('--format <format>', 'how to print the rows (default: table)').choices(formats))
}

/**
 * The format that was asked for, and the other flags of the command.
 *
 * @throws TidemarkError `argument_invalid` when two formats are asked for
 */
export function readFormat<Flags extends object>(command: Command, { flags: { json } }: Invocation): { readonly format: OutputFormat; readonly flags: Flags } {
  const { format, ...flags } = command.opts<FormatFlag>()
  requireOneFormat(json, format)
  // Commander has checked them against the options that the command declares.
  return { format: json === true ? 'json' : (format ?? 'table'), flags: flags as Flags }
}

/** @throws TidemarkError `argument_invalid` for `--json` beside another format */
export function requireOneFormat(json: boolean | undefined, format: string | undefined): void {
  if (json !== true || format === undefined || format === 'json') return
  throw new TidemarkError('argument_invalid', 'Cannot print the answer', {
    why: `--json and --format ${format} ask for two formats at once.`,
    next: 'Leave one of them out.',
  })
}

/**
 * A command that lists things of one kind, or shows one of them. Its flags are the options of the library's list, under
 * the same names, so that what is written here is only how they are read and how the answer looks.
 */
import { Option, type Command } from 'commander'
import { day } from '../../../src/answers/figures.ts'
import { TidemarkError } from '../../../src/errors.ts'
import type { ListResult } from '../../../src/repositories/list.ts'
import type { EntityQueries, Tidemark } from '../../../src/tidemark.ts'
import { countValue, idValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { addFormatOption, readFormat, type OutputFormat } from '../output-format.ts'
import { renderCsv } from '../render/csv.ts'
import { freshnessLine, positionLine, renderPage } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { withTidemark } from '../session.ts'

export interface EntityCommand<Item, Options, Summary> {
  readonly one: string
  readonly many: string
  readonly about: string
  readonly sortKeys: readonly string[]
  readonly examples: readonly string[]
  queries(tidemark: Tidemark): EntityQueries<Item, Options, Summary>
  /** Flags whose names, in camelCase, are those of the list options. */
  addFilters(command: Command): void
  columns(options: Options): readonly Column<Item>[]
  /** The fields of an item as a line of CSV, in snake_case. */
  csvFields(options: Options): readonly string[]
  /** When an item was found to be gone upstream. Left out for things that cannot be. */
  readonly deletedAt?: ((item: Item) => string | null | undefined) | undefined
  page(terminal: Terminal, summary: Summary): readonly string[]
}

export function declareEntity<Item extends object, Options extends object, Summary>(
  command: Command,
  invocation: Invocation,
  entity: EntityCommand<Item, Options, Summary>,
): void {
  command
    .description(`${entity.about}\nWith an ID: everything about this ${entity.one} on one page.`)
    .argument('[id]', `the ${entity.one} to show`, idValue)
  entity.addFilters(command)
  if (entity.deletedAt !== undefined) command.option('--include-deleted', 'also what is gone upstream')
  addFormatOption(command)
  command
    .option('--limit <n>', 'rows of a page, 1 to 100 (default: 20)', countValue)
    .option('--offset <n>', 'rows to skip', countValue)
    .option('--cursor <cursor>', 'goes on behind the page that named it')
    .addOption(new Option('--sort-by <key>', 'what to sort by').choices(entity.sortKeys))
    .addOption(new Option('--sort-order <order>', 'direction').choices(['asc', 'desc']))
    .addHelpText('after', examples(entity.examples))
    .action(async (id: number | undefined) => {
      const { format, flags } = readFormat<Options>(command, invocation)
      if (id === undefined) await list(invocation, entity, flags, format)
      else await show(invocation, entity, id, flags, format)
    })
}

async function list<Item extends object, Options extends object, Summary>(
  invocation: Invocation,
  entity: EntityCommand<Item, Options, Summary>,
  options: Options,
  format: OutputFormat,
): Promise<void> {
  const result = await withTidemark(invocation, [], (tidemark) => entity.queries(tidemark).list(options))
  if (format === 'json') return invocation.printJson(result)
  for (const warning of result.warnings) invocation.warn(warning)
  const position = positionLine(result.returned, result.offset, result.total, entity.one, entity.many)
  if (format === 'csv') {
    invocation.print(renderCsv([...entity.csvFields(options), ...('includeDeleted' in options ? ['deleted_at'] : [])], result.items))
    if (result.nextCursor !== null) invocation.note(`${position}. Next page: the same command with --cursor ${result.nextCursor}`)
    return
  }
  const { out } = invocation
  const table = result.items.length === 0 ? '' : renderTable(out, [...entity.columns(options), ...goneColumn(entity, options)], result.items)
  invocation.print(renderPage([table, `${position}\n${footer(out, result)}`]))
}

function goneColumn<Item, Options extends object, Summary>({ deletedAt }: EntityCommand<Item, Options, Summary>, options: Options): readonly Column<Item>[] {
  if (deletedAt === undefined || !('includeDeleted' in options)) return []
  return [{ head: 'Gone since', text: (item) => day(deletedAt(item) ?? null), style: () => 'yellow' }]
}

/** How fresh, what to try (what was never fetched has its own line), how to go on. */
function footer<Item>(terminal: Terminal, { freshness, hint, nextCursor }: ListResult<Item>): string {
  const next = nextCursor === null ? '' : terminal.style('dim', `Next page: the same command with --cursor ${nextCursor}\n`)
  return [freshnessLine(terminal, freshness), hint === undefined || freshness.asOf === null ? '' : `${hint}\n`, next].join('')
}

async function show<Item, Options extends object, Summary>(
  invocation: Invocation,
  entity: EntityCommand<Item, Options, Summary>,
  id: number,
  options: Options,
  format: OutputFormat,
): Promise<void> {
  if (Object.keys(options).length > 0) {
    throw new TidemarkError('argument_invalid', `Cannot show ${entity.one} ${id}`, {
      why: 'Filters and paging belong to a list, and an id asks for one page about one thing.',
      next: `Leave out the id to list ${entity.many}, or leave out the other flags.`,
    })
  }
  if (format === 'csv') {
    throw new TidemarkError('argument_invalid', `Cannot show ${entity.one} ${id} as CSV`, {
      why: 'A page about one thing has no rows.',
      next: `Use --format json, or list ${entity.many} with --format csv.`,
    })
  }
  const summary = await withTidemark(invocation, [], (tidemark) => entity.queries(tidemark).summary(id))
  if (format === 'json') invocation.printJson(summary)
  else invocation.print(renderPage(entity.page(invocation.out, summary)))
}

/** `tidemark search`: what has these words, wherever it stands. */
import { Option, type Command } from 'commander'
import { count, day } from '../../../src/answers/figures.ts'
import { TidemarkError } from '../../../src/errors.ts'
import type { SearchItem, SearchOptions } from '../../../src/search/search.ts'
import { countValue, idsValue, textsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { freshnessLine, positionLine, renderPage } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import { withTidemark } from '../session.ts'

interface SearchFlags extends SearchOptions {
  readonly rebuildIndex?: true | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Finds products, features, tests and bugs that have all of these words, best first.\nA word in the title counts most. "a phrase" in quotes, log* for the beginning of a word.')
    .argument('[text...]', 'what to look for')
    .option('--entities <entities>', 'product, feature, test, bug (default: all)', textsValue)
    .option('--products, --product-ids <ids>', 'only of these products', idsValue)
    .option('--from <when>', 'tests that ended, bugs reported since: a date, or a phrase like "30 days ago"')
    .option('--to <when>', 'until: a date (that day included) or a phrase')
    .option('--limit <n>', 'rows of a page, 1 to 100 (default: 20)', countValue)
    .option('--offset <n>', 'rows to skip', countValue)
    .option('--cursor <cursor>', 'goes on behind the page that named it')
    .addOption(new Option('--rebuild-index', 'make the index anew from what is stored, instead of searching'))
    .addHelpText('after', examples(['tidemark search checkout crash', `tidemark search '"sign up"' --entities bug,test --products 598`, 'tidemark search "log*" --entities bug --from "last month"', 'tidemark search --rebuild-index']))
    .action(async (parts: readonly string[]) => {
      const { rebuildIndex, ...options } = command.opts<SearchFlags>()
      if (rebuildIndex === true) await rebuild(invocation, parts, options)
      else await find(invocation, parts.join(' '), options)
    })
}

async function find(invocation: Invocation, text: string, options: SearchOptions): Promise<void> {
  if (text === '') throw wrongUse('There is no text to look for.', 'Give one, for example tidemark search login.')
  const result = await withTidemark(invocation, [], (tidemark) => tidemark.search(text, options))
  for (const warning of result.warnings) invocation.warn(warning)
  invocation.answer(result, (terminal) => {
    const { items, returned, offset, total, freshness, hint, nextCursor } = result
    return renderPage([
      items.length === 0 ? '' : renderTable(terminal, columns, items),
      [
        `${positionLine(returned, offset, total, 'result', 'results')}\n`,
        freshnessLine(terminal, freshness),
        hint === undefined ? '' : `${hint}\n`,
        nextCursor === null ? '' : terminal.style('dim', `Next page: the same command with --cursor ${nextCursor}\n`),
      ].join(''),
    ])
  })
}

async function rebuild(invocation: Invocation, parts: readonly string[], options: SearchOptions): Promise<void> {
  if (parts.length + Object.keys(options).length > 0) throw wrongUse('--rebuild-index is about everything that is stored.', 'Leave out the text and the other flags.')
  const done = await withTidemark(invocation, [], (tidemark) => tidemark.rebuildSearchIndex())
  invocation.answer(done, () => `The index holds ${count(done.documents)} products, features, tests and bugs.\n`)
}

const columns: readonly Column<SearchItem>[] = [
  { head: 'What', text: (item) => item.entity },
  { head: 'ID', align: 'right', text: (item) => String(item.id) },
  { head: 'Product', align: 'right', spare: true, text: (item) => String(item.productId) },
  { head: 'Title', shrinks: true, text: (item) => item.title },
  { head: 'Text', shrinks: true, spare: true, text: (item) => item.snippet },
  { head: 'Date', text: (item) => day(item.date) },
  { head: 'Score', align: 'right', spare: true, text: (item) => item.score.toFixed(2) },
]

function wrongUse(why: string, next: string): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot search', { why, next })
}

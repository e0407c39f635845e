/** `tidemark users`: testers and customer users, and the page of one. */
import { Option, type Command } from 'commander'
import { count, day } from '../../../src/answers/figures.ts'
import type { UserItem, UserListOptions, UserSort, UserSummary } from '../../../src/repositories/items.ts'
import type { Invocation } from '../invocation.ts'
import { bugFacts, facts, freshnessLine, section, title } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import type { Terminal } from '../render/terminal.ts'
import { bugColumns } from './bugs.ts'
import { declareEntity } from './entity.ts'
import { testColumns } from './tests.ts'

export function declare(command: Command, invocation: Invocation): void {
  declareEntity<UserItem, UserListOptions, UserSummary>(command, invocation, {
    one: 'user',
    many: 'users',
    about: 'Lists people by name: testers who reported bugs, and customer users who set up tests.',
    sortKeys: ['name', 'id', 'last_active_at', 'first_seen', 'bug_count', 'test_count'] satisfies readonly UserSort[],
    examples: ['tidemark users --role tester --sort-by bug_count --sort-order desc', 'tidemark users --active-since "30 days ago"', 'tidemark users 7'],
    queries: (tidemark) => tidemark.users,
    addFilters: (to) => {
      to.addOption(new Option('--role <role>', 'only this role').choices(['tester', 'customer']))
        .option('--active-since <when>', 'a date, or a phrase like "30 days ago"')
        .option('--search <text>', 'part of the name, in any case')
    },
    columns: () => columns,
    csvFields: () => ['id', 'name', 'role', 'first_seen', 'last_active_at', 'bug_count', 'test_count'],
    page,
  })
}

const columns: readonly Column<UserItem>[] = [
  { head: 'ID', align: 'right', text: (item) => String(item.id) },
  { head: 'Name', shrinks: true, text: (item) => item.name },
  { head: 'Role', text: (item) => item.role },
  { head: 'Tests', align: 'right', text: (item) => count(item.testCount) },
  { head: 'Bugs', align: 'right', text: (item) => count(item.bugCount) },
  { head: 'Last active', text: (item) => day(item.lastActiveAt) },
]

function page(terminal: Terminal, user: UserSummary): readonly string[] {
  return [
    title(terminal, 'User', user.id, user.name),
    facts(terminal, [
      ['Role', user.role],
      ['First seen', day(user.firstSeen)],
      ['Last active', day(user.lastActiveAt)],
      ['Tests', user.role === 'tester' ? count(user.testCount) : `${count(user.testCount)}: ${count(user.testsCreated)} created, ${count(user.testsSubmitted)} submitted`],
      ...bugFacts(user),
    ]),
    section(terminal, 'Newest bugs', user.newestBugs.length === 0 ? '' : renderTable(terminal, bugColumns, user.newestBugs)),
    section(terminal, 'Newest tests', user.newestTests.length === 0 ? '' : renderTable(terminal, testColumns({ includeBugCounts: false }), user.newestTests)),
    freshnessLine(terminal, user.freshness),
  ]
}

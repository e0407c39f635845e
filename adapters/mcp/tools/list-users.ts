/** `list_users`: the people behind bugs and tests. */
import * as v from 'valibot'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { userFields, userRoles, word } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

export const listUsers = tool({
  name: 'list_users',
  title: 'List people',
  description:
    'Testers, who report bugs, and customer users, who set up tests, with counts and activity. Use it to find a person or for "who '
    + 'reports most". Next: get_user_summary for one, list_bugs with testers.',
  hints: localRead,
  input: v.strictObject({
    role: v.optional(v.pipe(userRoles, v.description('Default both'))),
    active_since: word('e.g. "30 days ago", 2025-07-01'),
    search: word('Part of the name, in any case'),
    ...pagingArguments(['name', 'id', 'last_active_at', 'first_seen', 'bug_count', 'test_count']),
  }),
  output: listAnswer(v.strictObject(userFields)),
  run: ({ role, active_since, search, ...paging }, { tidemark }) =>
    readList(paging, (page) => tidemark.users.list({ ...page, role, activeSince: active_since, search })),
})

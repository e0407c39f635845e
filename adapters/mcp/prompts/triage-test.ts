/** `triage_test`: a proposal for every bug of a test cycle that waits for a decision. */
import * as v from 'valibot'
import { namesOf } from '../completions.ts'
import { reference } from '../prompt-arguments.ts'
import { prompt } from '../prompt.ts'

export const triageTest = prompt({
  name: 'triage_test',
  title: 'Triage a test cycle',
  description: 'Goes through the open bugs of a test cycle, worst first, and proposes a decision for each with its reason.',
  arguments: v.strictObject({ test: reference('Id or title of the test cycle') }),
  completions: { test: namesOf('test') },
  steps: (offers) => [
    'Go through the bugs of a test cycle that wait for a decision, and propose one for each.',
    '1. Find the test: a number is its id; look a title up with list_tests and ask when several fit. Call get_test_summary: what was in scope, what was not, what the instructions asked for.',
    offers('sync_data') && 'When the test is running or locked and freshness says stale, offer to call sync_data for its product first: decisions may have been made meanwhile.',
    '2. Call list_bugs with its test_ids, outcomes ["open"], sort_by severity. When there are more than 30, say so and begin with the critical and high ones.',
    '3. Read each with get_bug_summary. Compare it with the scope and instructions of the test, and look for the same thing reported before'
      + (offers('search') ? ' with search (two or three words of its title, entities ["bug"], the product).' : ' in list_bugs of the same feature.'),
    [
      '4. Give a table, worst first: id, severity, proposal, why, evidence. Proposals are:',
      '   - accept: it can be reproduced from what is written and is in scope.',
      '   - reject: name the reason key that fits, as seen in rejection_reasons of earlier bugs, and the sentence in the scope or the earlier bug that it rests on.',
      '   - ask: what is missing, as a question to the tester.',
      '   - escalate: critical, in scope, and nobody has answered yet.',
    ].join('\n'),
    '5. Below the table: how many of each, groups of bugs with one cause, and what in the instructions of the test led to out-of-scope reports.',
    'These are proposals for a person. Nothing is changed at TestIO: there is no tool for it, and decisions are made there.',
  ],
})

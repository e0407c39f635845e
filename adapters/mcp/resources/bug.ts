/** `testio://bug/{id}` */
import { summaryPages } from './summaries.ts'

export const bugPages = summaryPages({
  kind: 'bug',
  title: 'Bug',
  holds: 'A bug: steps, results, devices, comments, and what was decided.',
  summarize: (tidemark, id) => tidemark.bugs.summary(id),
})

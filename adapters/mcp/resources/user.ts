/** `testio://user/{id}` */
import { summaryPages } from './summaries.ts'

export const userPages = summaryPages({
  kind: 'user',
  title: 'Person',
  holds: 'A tester or a customer user, with what was reported or set up.',
  summarize: (tidemark, id) => tidemark.users.summary(id),
})

/** `testio://test/{id}` */
import { summaryPages } from './summaries.ts'

export const testPages = summaryPages({
  kind: 'test',
  title: 'Test cycle',
  holds: 'A test cycle: scope, requirements, features, and its bugs by outcome, severity and platform.',
  summarize: (tidemark, id) => tidemark.tests.summary(id),
})

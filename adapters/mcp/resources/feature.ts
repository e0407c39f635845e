/** `testio://feature/{id}` */
import { summaryPages } from './summaries.ts'

export const featurePages = summaryPages({
  kind: 'feature',
  title: 'Feature',
  holds: 'A feature with its user stories and the bugs that were found in it.',
  summarize: (tidemark, id) => tidemark.features.summary(id),
})

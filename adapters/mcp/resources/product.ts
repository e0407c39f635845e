/** `testio://product/{id}` */
import { summaryPages } from './summaries.ts'

export const productPages = summaryPages({
  kind: 'product',
  title: 'Product',
  holds: 'A product with counts, rates and its newest tests.',
  summarize: (tidemark, id) => tidemark.products.summary(id),
})

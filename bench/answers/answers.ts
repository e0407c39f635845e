/** What answers cost that have no hand-written counterpart: see README.md beside this file. */
import type { Figure } from '../figure.ts'
import type { BenchAccount } from '../support/accounts.ts'

export async function countAnswers({ engine, tidemark, count, work }: BenchAccount): Promise<readonly Figure[]> {
  const [[product], [test], [bug], [feature], [user]] = await Promise.all([
    tidemark.products.list({ limit: 1 }).then(ids), tidemark.tests.list({ limit: 1 }).then(ids), tidemark.bugs.list({ limit: 1 }).then(ids),
    tidemark.features.list({ limit: 1 }).then(ids), tidemark.users.list({ limit: 1 }).then(ids),
  ])
  const answers: Readonly<Record<string, () => Promise<unknown>>> = {
    'products.summary': () => tidemark.products.summary(known(product)),
    'tests.summary': () => tidemark.tests.summary(known(test)),
    'bugs.summary': () => tidemark.bugs.summary(known(bug)),
    'features.summary': () => tidemark.features.summary(known(feature)),
    'users.summary': () => tidemark.users.summary(known(user)),
    'features.list, 50 rows': () => tidemark.features.list({ limit: 50 }),
    'users.list, 50 rows': () => tidemark.users.list({ limit: 50 }),
    'bugs.list of one product': () => tidemark.bugs.list({ productIds: [known(product)] }),
    'reports.quality of one product': () => tidemark.reports.quality({ productIds: [known(product)] }),
    'syncStatus': () => tidemark.syncStatus(),
    'search, two words': () => tidemark.search('login button'),
    'search, the beginning of a word': () => tidemark.search('chec*'),
  }
  const figures: Figure[] = []
  for (const [operation, call] of Object.entries(answers)) {
    // What is called again finds its statements prepared.
    await call()
    const counts = await count(call)
    // The copy on which SQLite's work is counted has no search index.
    const inside = engine === 'sqljs' && operation.startsWith('search') ? undefined : await work(call)
    figures.push({ bench: 'answers', engine, operation, times: null, reference: null, ratio: null, counts, work: inside, limits: { counts: { compiled: 0 } } })
  }
  return figures
}

function ids({ items }: { readonly items: readonly { readonly id: number }[] }): readonly number[] {
  return items.map(({ id }) => id)
}

function known(id: number | undefined): number {
  if (id === undefined) throw new Error('the account of the bench lacks something')
  return id
}

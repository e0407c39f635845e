/** The read endpoints of the Customer API, path by path. Faults that belong to data (broken records, refused products) act here. */
import type { Account } from './account.ts'
import { failure, LongList, ok, type Answer } from './answer.ts'
import type { Faults } from './faults.ts'
import { idsOf, includesStories, pagingOf } from './query.ts'
import type { BugTruth, FeatureTruth, ProductTruth } from './truth.ts'
import { bugWire } from './wire/bug.ts'
import { environmentWire } from './wire/environment.ts'
import { executionsOfStories, executionWire, storyVersion } from './wire/execution.ts'
import { featureWire, storyWire } from './wire/feature.ts'
import { isInSection, productWire } from './wire/product.ts'
import { testWire } from './wire/test.ts'
import { testWithResultsWire } from './wire/test-results.ts'

interface Context {
  readonly account: Account
  readonly faults: Faults
  readonly query: URLSearchParams
}
type Route = (context: Context, ids: readonly number[]) => Answer

const LAST_TESTS = 150
const REFUSALS = { 403: 'Access denied', 404: 'Product not found', 500: 'Internal server error' } as const

/** A route below one product; the second id is that of the thing below it. */
const below = (route: (context: Context, product: ProductTruth, id: number | undefined) => Answer): Route =>
  (context, [productId, id]) => withProduct(context, productId, (product) => route(context, product, id))

const ROUTES: readonly (readonly [path: RegExp, route: Route])[] = [
  [/^\/products$/, products],
  [/^\/products\/(\d+)$/, below(({ account }, product) => ok({ product: productWire(account, product) }))],
  [/^\/products\/(\d+)\/exploratory_tests$/, below(testList)],
  [/^\/products\/(\d+)\/features$/, below(productFeatures)],
  [/^\/products\/(\d+)\/sections\/(\d+)\/features$/, below(sectionFeatures)],
  [/^\/products\/(\d+)\/user_stories$/, below(userStories)],
  [/^\/products\/(\d+)\/test_environments$/, below(environments)],
  [/^\/products\/(\d+)\/test_environments\/(\d+)$/, below(oneEnvironment)],
  [/^\/exploratory_tests\/(\d+)$/, oneTest],
  [/^\/bugs$/, bugs],
  [/^\/bugs\/reject_reasons$/, rejectReasons],
  [/^\/bugs\/(\d+)$/, oneBug],
  [/^\/user_stories\/(\d+)$/, oneStory],
  [/^\/user_story_version_executions$/, executions],
  [/^\/test_templates$/, testTemplates],
]

/** `path` is below the base path and begins with a slash. */
export function answerRead(account: Account, faults: Faults, path: string, query: URLSearchParams): Answer {
  for (const [pattern, route] of ROUTES) {
    const match = pattern.exec(path)
    if (match !== null) return route({ account, faults, query }, match.slice(1).map(Number))
  }
  return failure(404, 'Not found')
}

/** The search by external id, the one read that is a POST. */
export function answerSearch(account: Account, body: unknown): Answer {
  const wanted = typeof body === 'object' && body !== null && 'bug' in body ? body.bug : null
  const externalId = typeof wanted === 'object' && wanted !== null && 'external_idx' in wanted ? wanted.external_idx : null
  if (typeof externalId !== 'string') return failure(400, 'param is missing or the value is empty: bug')
  return bugList(account, account.truth.bugs.filter((bug) => bug.externalId === externalId))
}

function withProduct({ account, faults }: Context, id: number | undefined, answer: (product: ProductTruth) => Answer): Answer {
  const product = account.products.get(id ?? 0)
  if (product === undefined) return failure(404, 'Product not found')
  const dead = faults.deadProducts?.find((one) => one.id === product.id)
  return dead === undefined ? answer(product) : failure(dead.status, REFUSALS[dead.status])
}

function products({ account, faults, query }: Context): Answer {
  const wanted = idsOf(query, 'filter[product_ids]', 'filter[product_ids][]')
  return ok({ products: listed(faults, account.truth.products).filter((product) => wanted?.has(product.id) ?? true).map((product) => productWire(account, product)) })
}

/** Pages only when a page is asked for; otherwise the last 150 tests, whatever `per_page` says. */
function testList({ account, faults, query }: Context, product: ProductTruth): Answer {
  const all = listed(faults, account.testsOf(product.id))
  const paging = query.has('page') ? pagingOf(query) : null
  let from = 0
  let size = LAST_TESTS
  if (faults.paging === 'ignored') size = all.length
  else if (paging !== null) {
    size = paging.perPage
    const lastPage = Math.max(1, Math.ceil(all.length / size))
    const page = faults.paging === 'repeated' ? Math.min(paging.page, lastPage) : paging.page
    from = faults.paging === 'stuck' ? 0 : (page - 1) * size
  }
  const rows = all.slice(from, from + size)
  if (rows.some((test) => isPoisoned(faults, test.id))) return failure(500, 'Internal server error')
  return ok({ exploratory_tests: rows.map((test) => testWire(account, test, { expandStories: includesStories(query) })) })
}

function oneTest(context: Context, [id = 0]: readonly number[]): Answer {
  const { account, faults, query } = context
  const test = account.tests.get(id)
  if (test === undefined) return failure(404, 'Exploratory test not found')
  if (isPoisoned(faults, id)) return failure(500, 'Internal server error')
  const options = { expandStories: includesStories(query) }
  return withProduct(context, test.productId, () => ok({ exploratory_test: testWithResultsWire(account, test, options) }))
}

function listed<T extends { readonly id: number }>({ unlisted }: Faults, all: readonly T[]): readonly T[] {
  return unlisted === undefined ? all : all.filter(({ id }) => !unlisted.includes(id))
}

function isPoisoned(faults: Faults, testId: number): boolean {
  return faults.poisonedTests?.includes(testId) ?? false
}

/** All filters must hold. Bugs of a refused product are left out, as if they did not exist. */
function bugs({ account, faults, query }: Context): Answer {
  const testIds = idsOf(query, 'filter_test_cycle_ids')
  const productIds = idsOf(query, 'filter_product_ids')
  const sectionIds = idsOf(query, 'filter_section_ids')
  const bugIds = idsOf(query, 'filter_bug_ids')
  const exported = query.get('export_status')
  const dead = new Set(faults.deadProducts?.map((one) => one.id))
  const pool = testIds === null ? account.truth.bugs : [...testIds].flatMap((id) => account.bugsOf(id))
  const found = pool.filter((bug) =>
    !dead.has(bug.productId)
    && (productIds?.has(bug.productId) ?? true)
    && (sectionIds?.has(bug.sectionId ?? account.products.get(bug.productId)?.defaultSectionId ?? 0) ?? true)
    && (bugIds?.has(bug.id) ?? true)
    && (exported === null || exported === (bug.exportedAt === null ? 'not_exported' : 'exported')))
  return bugList(account, found)
}

function bugList(account: Account, found: readonly BugTruth[]): Answer {
  const newestFirst = [...found].sort((a, b) => b.id - a.id)
  return ok(new LongList('bugs', found.length, function* () {
    for (const bug of newestFirst) yield bugWire(account, bug)
  }))
}

function oneBug(context: Context, [id = 0]: readonly number[]): Answer {
  const bug = context.account.bugs.get(id)
  return bug === undefined ? failure(404, 'Bug not found') : withProduct(context, bug.productId, () => ok({ bug: bugWire(context.account, bug) }))
}

function rejectReasons({ account }: Context): Answer {
  return ok({ reject_reasons: account.truth.rejectReasons.map(({ key, name, defaultComment }) => ({ key, name, default_comment: defaultComment })) })
}

function productFeatures({ account, query }: Context, product: ProductTruth): Answer {
  if (product.sectionStyle !== 'none') return failure(422, 'Validation failed: Section must be given for products with sections')
  return featureList(account.featuresOf(product.id), query)
}

function sectionFeatures({ account, query }: Context, product: ProductTruth, sectionId = 0): Answer {
  if (account.sections.get(sectionId)?.productId !== product.id) return failure(404, 'Section not found')
  return featureList(account.featuresOf(product.id).filter((feature) => isInSection(product, feature, sectionId)), query)
}

function featureList(features: readonly FeatureTruth[], query: URLSearchParams): Answer {
  return ok({ features: features.map((feature) => featureWire(feature, includesStories(query))) })
}

/** Products with sections want one named; some answer the lack of it with 400, some break. */
function userStories({ account, query }: Context, product: ProductTruth): Answer {
  const sectionId = query.get('section_id')
  if (sectionId === null && product.sectionStyle !== 'none') {
    return product.id % 2 === 0 ? failure(400, 'param is missing or the value is empty: section_id') : failure(500, 'Internal server error')
  }
  const features = account.featuresOf(product.id).filter((feature) => sectionId === null || isInSection(product, feature, Number(sectionId)))
  return ok({ user_stories: features.flatMap(storiesOf) })
}

function oneStory({ account }: Context, [id]: readonly number[]): Answer {
  const story = account.truth.features.flatMap(storiesOf).find((one) => one.id === id)
  return story === undefined ? failure(404, 'User story not found') : ok(story)
}

function storiesOf(feature: FeatureTruth) {
  return feature.userStories.flatMap(({ id, title }) => (id === null ? [] : [storyWire(feature, { id, title })]))
}

/** Always paged. Narrowed by stories or versions; there is no filter by test or product. */
function executions({ account, query }: Context): Answer {
  const stories = idsOf(query, 'user_story_ids[]')
  const versions = idsOf(query, 'user_story_version_ids[]')
  const found = executionsOfStories(account, (id) => (stories?.has(id) ?? true) && (versions?.has(storyVersion(id)) ?? true))
  if (query.get('order') === 'desc') found.reverse()
  const { page, perPage } = pagingOf(query)
  const rows = found.slice((page - 1) * perPage, page * perPage)
  return ok({ meta: { record_count: found.length }, user_story_version_executions: rows.map(executionWire) })
}

function environments({ account }: Context, product: ProductTruth): Answer {
  return ok({ test_environments: [...account.environments.values()].filter((one) => one.productId === product.id).map(environmentWire) })
}

function oneEnvironment({ account }: Context, product: ProductTruth, id = 0): Answer {
  const environment = account.environments.get(id)
  return environment?.productId === product.id ? ok({ test_environment: environmentWire(environment) }) : failure(404, 'Test environment not found')
}

function testTemplates(context: Context): Answer {
  const productId = context.query.get('product_id')
  if (productId === null) return failure(400, 'param is missing or the value is empty: product_id')
  return withProduct(context, Number(productId), (product) => ok({
    test_templates: context.account.featuresOf(product.id).slice(0, product.id % 4).map((feature, index) => ({
      id: 9_000 + product.id * 10 + index,
      title: `Staging - ${feature.title}`,
      test_scenario_template: 'ExploratoryTest',
      min_test_duration: 2,
      max_test_duration: 48,
      default_test_duration: 24,
    })),
  }))
}

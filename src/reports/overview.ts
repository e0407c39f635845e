/** The blocks of the report but the tests one by one, in a number of statements that depends on nothing. */
import { sql } from 'kysely'
import { compareByCodePoint } from '../storage/collation.ts'
import { idList } from '../storage/id-list.ts'
import { bugParts, testParts, toBugGroup, toTestGroup } from './bug-groups.ts'
import { countGroups, type ScopeView } from './count-groups.ts'
import type { QualityQuestion } from './parse-input.ts'
import type { FeatureQuality, PlatformQuality, QualityOverview, TesterQuality } from './quality-report.ts'
import { Tally, tallyAt } from './tally.ts'

type Blocks = Pick<QualityOverview, 'summary' | 'byProduct' | 'trend' | 'topFeatures' | 'platforms' | 'rejectionReasons' | 'topTesters'>

const top = 10

export async function readBlocks(view: ScopeView, question: QualityQuestion): Promise<Blocks> {
  return {
    ...(await readTallies(view, question)),
    topFeatures: await readTopFeatures(view),
    platforms: await readPlatforms(view),
    rejectionReasons: await readRejectionReasons(view),
    topTesters: await readTopTesters(view),
  }
}

/** A test has one product and one month, and a bug has those of its test: what is counted for both adds up to each of them. */
async function readTallies(view: ScopeView, { productIds, thresholds }: QualityQuestion): Promise<Pick<Blocks, 'summary' | 'byProduct' | 'trend'>> {
  const all = new Tally()
  const names = await readProductNames(view, productIds)
  const products = new Map([...names.keys()].map((id) => [id, new Tally()]))
  const months = new Map<string | null, Tally>()
  for (const group of await countGroups(view, ['product', 'month', ...testParts], ['test_count'])) {
    for (const tally of tallies(group)) tally.addTests(toTestGroup(group))
  }
  for (const group of await countGroups(view, ['product', 'month', ...bugParts], ['bug_count'])) {
    for (const tally of tallies(group)) tally.addBugs(toBugGroup(group))
  }
  return {
    summary: all.summary(thresholds),
    byProduct: [...products]
      .map(([productId, tally]) => ({ productId, product: names.get(productId) ?? '', ...tally.summary(thresholds) }))
      .toSorted((a, b) => compareByCodePoint(a.product, b.product) || a.productId - b.productId),
    trend: [...months]
      .map(([month, tally]) => ({ month, ...tally.summary(thresholds) }))
      .toSorted((a, b) => (a.month === null ? 1 : b.month === null ? -1 : compareByCodePoint(a.month, b.month))),
  }

  function tallies({ id, value }: Awaited<ReturnType<typeof countGroups>>[number]): readonly Tally[] {
    const productId = id('product')
    if (productId === null) throw new TypeError('a test without a product')
    const name = value('product')
    if (!names.has(productId)) names.set(productId, String(name))
    const month = value('month')
    return [all, tallyAt(products, productId), tallyAt(months, typeof month === 'string' ? month : null)]
  }
}

/** Of the products that are there, with or without tests. */
async function readProductNames({ db, context: { dialect, customerId } }: ScopeView, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ readonly id: number; readonly name: string }>`
    select id, name from products where customer_id = ${customerId} and id in ${idList(dialect, ids)} and deleted_at is null`.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function readTopFeatures(view: ScopeView): Promise<readonly FeatureQuality[]> {
  // One more, for the group of what belongs to no feature.
  const groups = await countGroups(view, ['feature'], ['bug_count', 'test_count', 'bugs_per_test'], top + 1)
  return groups.flatMap(({ id, value, figures }): readonly FeatureQuality[] => {
    const featureId = id('feature')
    if (featureId === null) return []
    const feature = value('feature')
    return [{
      featureId, feature: typeof feature === 'string' ? feature : null,
      testCount: figures['test_count'] ?? 0, bugCount: figures['bug_count'] ?? 0, bugsPerTest: figures['bugs_per_test'] ?? null,
    }]
  }).slice(0, top)
}

async function readPlatforms(view: ScopeView): Promise<readonly PlatformQuality[]> {
  const platforms = new Map<string | null, Tally>()
  for (const group of await countGroups(view, ['platform', ...bugParts], ['bug_count'])) {
    const platform = group.value('platform')
    tallyAt(platforms, typeof platform === 'string' ? platform : null).addBugs(toBugGroup(group))
  }
  return [...platforms]
    .map(([platform, tally]) => {
      const { bugs, bugsBySeverity: { critical, high, low } } = tally.counts()
      return { platform, critical, high, low, otherKinds: bugs - critical - high - low, bugs }
    })
    .toSorted((a, b) => b.bugs - a.bugs || compareByCodePoint(a.platform ?? '\uffff', b.platform ?? '\uffff'))
}

async function readRejectionReasons(view: ScopeView): Promise<Blocks['rejectionReasons']> {
  const groups = await countGroups(view, ['rejection_reason'], ['bug_count'])
  return groups.flatMap(({ value, figures }) => {
    const reason = value('rejection_reason')
    return typeof reason === 'string' ? [{ reason, bugCount: figures['bug_count'] ?? 0 }] : []
  })
}

async function readTopTesters(view: ScopeView): Promise<readonly TesterQuality[]> {
  const groups = await countGroups(view, ['tester'], ['bug_count', 'severity_score', 'overall_acceptance_rate', 'rejection_rate'], top + 1)
  return groups.flatMap(({ value, figures }): readonly TesterQuality[] => {
    const tester = value('tester')
    if (typeof tester !== 'string') return []
    return [{
      tester, bugCount: figures['bug_count'] ?? 0, severityScore: figures['severity_score'] ?? 0,
      overallAcceptanceRate: figures['overall_acceptance_rate'] ?? null, rejectionRate: figures['rejection_rate'] ?? null,
    }]
  }).slice(0, top)
}

/**
 * A copy of an account in one comparable form, read from the tables by plain statements, and the same form made from the
 * simulator's truth. Whoever compares the two compares a sync field by field with what it should have brought.
 */
import type { AccountTruth } from '../../src/simulator/truth.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { distinctTexts } from './distinct-texts.ts'

export type AccountCopy = Readonly<Record<'products' | 'sections' | 'features' | 'tests' | 'bugs' | 'rejectReasons' | 'users', readonly object[]>>

type Row = Readonly<Record<string, unknown>>

/** Everything stored of the customer that is not deleted, by id; of people those who have a bug or a test left. */
export async function readCopy(storage: Storage, customerId: number): Promise<AccountCopy> {
  const customer = Number(customerId)
  const read = async (columns: string, table: string, order: string, condition = 'true'): Promise<readonly Row[]> =>
    (await storage.query<Row>({ sql: `select ${columns} from ${table} where customer_id = ${customer} and ${condition} order by ${order}` })).rows
  const living = 'deleted_at is null'
  const ofCustomer = `from tests where customer_id = ${customer} and ${living}`
  const active = `(role = 'tester' and name in (select tester from bugs where customer_id = ${customer} and ${living})
    or role = 'customer' and name in (select created_by ${ofCustomer} union select submitted_by ${ofCustomer}))`
  const stories = groupBy(await read('*', 'user_stories', 'feature_id, position'), 'feature_id')
  const featureSections = groupBy(await read('*', 'feature_sections', 'feature_id, section_id'), 'feature_id')
  const platforms = groupBy(await read('*', 'test_platforms', 'test_id, position'), 'test_id')
  const snapshots = groupBy(await read('*', 'test_features', 'test_id, id'), 'test_id')
  const devices = groupBy(await read('*', 'bug_devices', 'bug_id, position'), 'bug_id')
  const comments = groupBy(await read('*', 'bug_comments', 'bug_id, id'), 'bug_id')
  return {
    products: (await read('*', 'products', 'id', living)).map((p) => ({
      id: p['id'], name: p['name'], type: p['type'], description: p['description'], defaultSectionId: p['default_section_id'],
      testCount: p['test_count'], bugCount: p['bug_count'], featureCount: p['feature_count'],
    })),
    sections: (await read('*', 'sections', 'id')).map((s) => ({ id: s['id'], productId: s['product_id'], name: s['name'], isDefault: s['is_default'] })),
    features: (await read('*', 'features', 'id', living)).map((f) => ({
      id: f['id'], productId: f['product_id'], title: f['title'], description: f['description'], howToFind: f['how_to_find'],
      userStoryCount: f['user_story_count'],
      userStories: of(stories, f['id']).map((s) => ({ id: s['story_id'], title: s['title'] })),
      sectionIds: of(featureSections, f['id']).map((s) => s['section_id']),
    })),
    tests: (await read('*', 'tests', 'id', living)).map((t) => ({
      id: t['id'], productId: t['product_id'], sectionId: t['section_id'], title: t['title'], status: t['status'], testingType: t['testing_type'],
      reviewStatus: t['review_status'], startAt: t['start_at'], endAt: t['end_at'], createdBy: t['created_by'], submittedBy: t['submitted_by'],
      environment: t['environment_id'] === null ? null : { id: t['environment_id'], title: t['environment_title'] },
      reportLanguage: t['report_language'], isDemo: t['is_demo'], enableLow: t['enable_low'], enableHigh: t['enable_high'],
      enableCritical: t['enable_critical'], allowedBugTypes: t['allowed_bug_types'], goal: t['goal'], outOfScope: t['out_of_scope'],
      instructions: t['instructions'],
      platforms: of(platforms, t['id']).map((p) => ({
        category: p['category'], operatingSystem: p['operating_system'], minVersion: p['min_version'], maxVersion: p['max_version'], browsers: p['browsers'],
      })),
      features: of(snapshots, t['id']).map((f) => ({ id: f['id'], featureId: f['feature_id'], title: f['title'] })),
    })),
    bugs: (await read('*', 'bugs', 'id', living)).map((b) => ({
      id: b['id'], testId: b['test_id'], productId: b['product_id'], testFeatureId: b['test_feature_id'], title: b['title'], kind: b['kind'],
      severity: b['severity'], severityRank: b['severity_rank'], outcome: b['outcome'], status: b['status'], rejectionReason: b['rejection_reason'],
      known: b['known'], tester: b['tester'], language: b['language'], reportedAt: b['reported_at'], exportedAt: b['exported_at'],
      externalId: b['external_id'], location: b['location'],
      // The texts of a custom report stand in its rows and have a test of their own with the client.
      ...(b['kind'] === 'custom' ? {} : { expectedResult: b['expected_result'], actualResult: b['actual_result'], steps: b['steps'] }),
      devices: of(devices, b['id']).map((d) => ({
        category: d['category'], vendor: d['vendor'], model: d['model'], operatingSystem: d['operating_system'], osVersion: d['os_version'], browsers: d['browsers'],
      })),
      deviceSets: [b['operating_systems'], b['device_categories'], b['browsers']],
      comments: of(comments, b['id']).map((k) => ({ id: k['id'], author: k['author'], createdAt: k['created_at'], body: k['body'] })),
    })),
    rejectReasons: (await read('*', 'reject_reasons', 'key')).map((r) => ({ key: r['key'], name: r['name'], defaultComment: r['default_comment'] })),
    users: byText((await read('*', 'users', 'id', active)).map((u) => ({ role: u['role'], name: u['name'] }))),
  }
}

/** What the copy has to be. */
export function copyOfTruth(truth: AccountTruth): AccountCopy {
  const count = (entities: readonly { readonly productId: number }[], productId: number): number => entities.filter((entity) => entity.productId === productId).length
  const ranks = { critical: 3, high: 2, low: 1 }
  return {
    products: byId(truth.products).map(({ id, name, type, description, defaultSectionId }) => ({
      id, name, type, description, defaultSectionId,
      testCount: count(truth.tests, id), bugCount: count(truth.bugs, id), featureCount: count(truth.features, id),
    })),
    sections: byId(truth.sections).map(({ id, productId, name, isDefault }) => ({ id, productId, name, isDefault })),
    features: byId(truth.features).map(({ id, productId, title, description, howToFind, userStories, sectionIds }) => ({
      id, productId, title, description, howToFind, userStoryCount: userStories.length, userStories: userStories.map(({ id: storyId, title: story }) => ({ id: storyId, title: story })), sectionIds,
    })),
    tests: byId(truth.tests).map((test) => {
      const { goalText, outOfScopeText, instructionsText, features, platforms, ...rest } = test
      return {
        ...rest,
        goal: goalText ?? test.goal,
        outOfScope: outOfScopeText ?? test.outOfScope,
        instructions: instructionsText ?? test.instructions,
        platforms: platforms.map(({ category, operatingSystem, minVersion, maxVersion, browsers }) => ({ category, operatingSystem, minVersion, maxVersion, browsers })),
        features: byId(features).map(({ id, featureId, title }) => ({ id, featureId, title })),
      }
    }),
    // Field by field: a bug of the simulator renders its texts on demand.
    bugs: byId(truth.bugs).map((bug) => ({
      id: bug.id, testId: bug.testId, productId: bug.productId, testFeatureId: bug.testFeatureId, title: bug.title, kind: bug.kind,
      severity: bug.severity, severityRank: bug.severity === null ? 0 : ranks[bug.severity], outcome: bug.outcome, status: bug.status,
      rejectionReason: bug.rejectionReason, known: bug.known, tester: bug.tester, language: bug.language, reportedAt: bug.reportedAt,
      exportedAt: bug.exportedAt, externalId: bug.externalId, location: bug.location,
      ...(bug.kind === 'custom' ? {} : { expectedResult: bug.expectedResult, actualResult: bug.actualResult, steps: bug.steps }),
      devices: bug.devices.map(({ category, vendor, model, operatingSystem, osVersion, browsers }) => ({ category, vendor, model, operatingSystem, osVersion, browsers })),
      deviceSets: [bug.devices.map((device) => device.operatingSystem), bug.devices.map((device) => device.category), bug.devices.flatMap((device) => device.browsers)].map(distinctTexts),
      comments: byId(bug.comments).map(({ id, author, createdAt, body }) => ({ id, author, createdAt, body })),
    })),
    rejectReasons: truth.rejectReasons.map(({ key, name, defaultComment }) => ({ key, name, defaultComment })).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    users: byText(truth.users.map(({ role, name }) => ({ role, name }))),
  }
}

function byId<T extends { readonly id: number }>(entities: readonly T[]): readonly T[] {
  return entities.toSorted((a, b) => a.id - b.id)
}

function byText<T extends object>(entities: readonly T[]): readonly T[] {
  return entities.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

function groupBy(rows: readonly Row[], key: string): ReadonlyMap<unknown, readonly Row[]> {
  const groups = new Map<unknown, Row[]>()
  for (const row of rows) {
    const group = groups.get(row[key])
    if (group === undefined) groups.set(row[key], [row])
    else group.push(row)
  }
  return groups
}

function of(groups: ReadonlyMap<unknown, readonly Row[]>, key: unknown): readonly Row[] {
  return groups.get(key) ?? []
}

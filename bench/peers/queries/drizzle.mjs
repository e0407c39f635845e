/** Drizzle: relational queries for lists, select with joins for figures, as its documentation shows them; SQL only where that has no other way to a month. */
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { and, asc, between, count, countDistinct, desc, eq, inArray, isNotNull, isNull, max, relations, sql } from 'drizzle-orm'
import { drizzle as onBetterSqlite3 } from 'drizzle-orm/better-sqlite3'
import { drizzle as onSqlJs } from 'drizzle-orm/sql-js'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import initSqlJs from 'sql.js'

const key = () => ({ customerId: integer('customer_id').notNull(), id: integer('id').notNull() })
const byKey = (table) => [primaryKey({ columns: [table.customerId, table.id] })]

const products = sqliteTable('products', {
  ...key(), name: text('name').notNull(), type: text('type'), description: text('description'), testCount: integer('test_count').notNull(),
  bugCount: integer('bug_count').notNull(), featureCount: integer('feature_count').notNull(), deletedAt: text('deleted_at'),
}, byKey)
const tests = sqliteTable('tests', {
  ...key(), productId: integer('product_id').notNull(), title: text('title').notNull(), status: text('status').notNull(), testingType: text('testing_type'),
  reviewStatus: text('review_status'), startAt: text('start_at'), endAt: text('end_at'), createdBy: text('created_by'), submittedBy: text('submitted_by'),
  environmentId: integer('environment_id'), environmentTitle: text('environment_title'), deletedAt: text('deleted_at'),
}, byKey)
const bugs = sqliteTable('bugs', {
  ...key(), testId: integer('test_id').notNull(), testFeatureId: integer('test_feature_id'), severity: text('severity'), outcome: text('outcome').notNull(), deletedAt: text('deleted_at'),
}, byKey)
const bugDevices = sqliteTable('bug_devices', {
  customerId: integer('customer_id').notNull(), bugId: integer('bug_id').notNull(), position: integer('position').notNull(), operatingSystem: text('operating_system'),
}, (table) => [primaryKey({ columns: [table.customerId, table.bugId, table.position] })])
const testFeatures = sqliteTable('test_features', { ...key(), testId: integer('test_id').notNull(), featureId: integer('feature_id'), title: text('title').notNull() }, byKey)
const features = sqliteTable('features', { ...key(), title: text('title').notNull(), deletedAt: text('deleted_at') }, byKey)

const schema = {
  products, tests, bugs, bugDevices, testFeatures, features,
  testRelations: relations(tests, ({ many }) => ({ bugs: many(bugs) })),
  bugRelations: relations(bugs, ({ one }) => ({ test: one(tests, { fields: [bugs.customerId, bugs.testId], references: [tests.customerId, tests.id] }) })),
}

const listed = {
  id: true, productId: true, title: true, status: true, testingType: true, reviewStatus: true, startAt: true, endAt: true, createdBy: true, submittedBy: true,
  environmentId: true, environmentTitle: true,
}

const listedColumns = Object.fromEntries(Object.keys(listed).map((name) => [name, tests[name]]))
const newestFirst = [desc(tests.endAt), asc(tests.id)]

export async function open({ engine, file, customerId, executed, from30, from90, now }) {
  let asked = 0
  const logger = { logQuery: () => void asked++ }
  const client = engine === 'sql.js' ? new (await initSqlJs()).Database(readFileSync(file)) : new Database(file, { readonly: true })
  const db = engine === 'sql.js' ? onSqlJs(client, { schema, logger }) : onBetterSqlite3(client, { schema, logger })

  // Its sql.js driver gives the rows of relational queries as they come from the engine, with nothing in the place of relations.
  const relational = engine !== 'sql.js'

  const living = (table) => and(eq(table.customerId, customerId), isNull(table.deletedAt))
  const testOfBug = and(eq(tests.customerId, bugs.customerId), eq(tests.id, bugs.testId))
  const inScope = and(living(bugs), living(tests), inArray(tests.status, executed))
  const recent = (from) => db.$count(tests, and(living(tests), eq(tests.productId, products.id), inArray(tests.status, executed), between(tests.endAt, from, now)))

  return {
    answers: {
      async 'products.list'() {
        const last = db.select({ productId: tests.productId, endAt: max(tests.endAt).as('last_end_at') }).from(tests).where(living(tests)).groupBy(tests.productId).as('last_tests')
        const items = await db
          .select({
            id: products.id, name: products.name, type: products.type, description: products.description, testCount: products.testCount, bugCount: products.bugCount,
            featureCount: products.featureCount, lastTestEndAt: last.endAt, testsLast30Days: recent(from30), testsLast90Days: recent(from90),
          })
          .from(products).leftJoin(last, eq(last.productId, products.id)).where(living(products)).orderBy(asc(products.name), asc(products.id)).limit(20)
        return { items, total: await db.$count(products, living(products)) }
      },
      async 'tests.list, 50 rows'() {
        const items = relational
          ? await db.query.tests.findMany({ columns: listed, where: living(tests), orderBy: newestFirst, limit: 50 })
          : await db.select(listedColumns).from(tests).where(living(tests)).orderBy(...newestFirst).limit(50)
        return { items, total: await db.$count(tests, living(tests)) }
      },
      async 'tests.list, 50 rows with bug counts'() {
        const total = await db.$count(tests, living(tests))
        if (relational) {
          const bugsOfTest = { columns: { outcome: true }, where: isNull(bugs.deletedAt) }
          return { items: await db.query.tests.findMany({ columns: listed, where: living(tests), orderBy: newestFirst, limit: 50, with: { bugs: bugsOfTest } }), total }
        }
        const items = await db.select(listedColumns).from(tests).where(living(tests)).orderBy(...newestFirst).limit(50)
        const found = await db.select({ testId: bugs.testId, outcome: bugs.outcome }).from(bugs).where(and(living(bugs), inArray(bugs.testId, items.map(({ id }) => id))))
        const byTest = grouped(found)
        return { items: items.map((test) => ({ ...test, bugs: byTest.get(test.id) ?? [] })), total }
      },
      async 'bugs by severity'() {
        return db.select({ severity: bugs.severity, bug_count: count() }).from(bugs).innerJoin(tests, testOfBug).where(inScope).groupBy(bugs.severity).orderBy(desc(count()))
      },
      async 'bugs, rejection rate by month'() {
        const month = sql`strftime('%Y-%m', ${tests.endAt})`
        return db.select({ month, outcome: bugs.outcome, bug_count: count(bugs.id) }).from(tests)
          .leftJoin(bugs, and(testOfBug, isNull(bugs.deletedAt))).where(and(living(tests), inArray(tests.status, executed))).groupBy(month, bugs.outcome).orderBy(month)
      },
      async 'bugs by platform'() {
        return db.select({ platform: bugDevices.operatingSystem, bug_count: countDistinct(bugs.id) }).from(bugs).innerJoin(tests, testOfBug)
          .leftJoin(bugDevices, and(eq(bugDevices.customerId, bugs.customerId), eq(bugDevices.bugId, bugs.id), isNotNull(bugDevices.operatingSystem)))
          .where(inScope).groupBy(bugDevices.operatingSystem).orderBy(desc(countDistinct(bugs.id)))
      },
      async 'bugs by feature'() {
        return db.select({ id: testFeatures.featureId, title: features.title, bug_count: count() }).from(bugs).innerJoin(tests, testOfBug)
          .leftJoin(testFeatures, and(eq(testFeatures.customerId, bugs.customerId), eq(testFeatures.id, bugs.testFeatureId)))
          .leftJoin(features, and(eq(features.customerId, testFeatures.customerId), eq(features.id, testFeatures.featureId), isNull(features.deletedAt)))
          .where(inScope).groupBy(testFeatures.featureId, features.title).orderBy(desc(count())).limit(100)
      },
    },
    takeCount: () => [asked, (asked = 0)][0],
    close: async () => client.close(),
  }
}

function grouped(found) {
  const byTest = new Map()
  for (const bug of found) {
    const known = byTest.get(bug.testId)
    if (known === undefined) byTest.set(bug.testId, [bug])
    else known.push(bug)
  }
  return byTest
}

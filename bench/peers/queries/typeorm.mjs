/** TypeORM: find with relations for lists, its query builder for figures, as its documentation shows them. */
import { readFileSync } from 'node:fs'
import { DataSource, EntitySchema, IsNull } from 'typeorm'

const key = { customerId: { name: 'customer_id', type: 'integer', primary: true }, id: { type: 'integer', primary: true } }
const column = (name, type = 'text') => ({ name, type, nullable: true })
const deletedAt = column('deleted_at')
const joined = (name) => [{ name: 'customer_id', referencedColumnName: 'customerId' }, { name, referencedColumnName: 'id' }]

const Product = new EntitySchema({
  name: 'Product', tableName: 'products',
  columns: {
    ...key, name: column('name'), type: column('type'), description: column('description'), testCount: column('test_count', 'integer'), bugCount: column('bug_count', 'integer'),
    featureCount: column('feature_count', 'integer'), deletedAt,
  },
})
const Test = new EntitySchema({
  name: 'Test', tableName: 'tests',
  columns: {
    ...key, productId: column('product_id', 'integer'), title: column('title'), status: column('status'), testingType: column('testing_type'), reviewStatus: column('review_status'),
    startAt: column('start_at'), endAt: column('end_at'), createdBy: column('created_by'), submittedBy: column('submitted_by'), environmentId: column('environment_id', 'integer'),
    environmentTitle: column('environment_title'), deletedAt,
  },
  relations: { bugs: { type: 'one-to-many', target: 'Bug', inverseSide: 'test' } },
})
const Bug = new EntitySchema({
  name: 'Bug', tableName: 'bugs',
  columns: { ...key, testId: column('test_id', 'integer'), testFeatureId: column('test_feature_id', 'integer'), severity: column('severity'), outcome: column('outcome'), deletedAt },
  relations: {
    test: { type: 'many-to-one', target: 'Test', inverseSide: 'bugs', joinColumn: joined('test_id') },
    testFeature: { type: 'many-to-one', target: 'TestFeature', joinColumn: joined('test_feature_id') },
    devices: { type: 'one-to-many', target: 'BugDevice', inverseSide: 'bug' },
  },
})
const BugDevice = new EntitySchema({
  name: 'BugDevice', tableName: 'bug_devices',
  columns: {
    customerId: { name: 'customer_id', type: 'integer', primary: true }, bugId: { name: 'bug_id', type: 'integer', primary: true }, position: { type: 'integer', primary: true },
    operatingSystem: column('operating_system'),
  },
  relations: { bug: { type: 'many-to-one', target: 'Bug', inverseSide: 'devices', joinColumn: joined('bug_id') } },
})
const TestFeature = new EntitySchema({
  name: 'TestFeature', tableName: 'test_features',
  columns: { ...key, featureId: column('feature_id', 'integer'), title: column('title') },
  relations: { feature: { type: 'many-to-one', target: 'Feature', joinColumn: joined('feature_id') } },
})
const Feature = new EntitySchema({ name: 'Feature', tableName: 'features', columns: { ...key, title: column('title'), deletedAt } })

const listed = {
  customerId: true, id: true, productId: true, title: true, status: true, testingType: true, reviewStatus: true, startAt: true, endAt: true, createdBy: true, submittedBy: true,
  environmentId: true, environmentTitle: true,
}

export async function open({ engine, file, customerId, executed, from30, from90, now }) {
  let asked = 0
  const other = () => undefined
  const logger = { logQuery: () => void asked++, logQueryError: other, logQuerySlow: other, logSchemaBuild: other, logMigration: other, log: other }
  const place = engine === 'sql.js' ? { type: 'sqljs', database: readFileSync(file) } : { type: 'better-sqlite3', database: file, readonly: true }
  const source = await new DataSource({ ...place, entities: [Product, Test, Bug, BugDevice, TestFeature, Feature], logging: ['query'], logger }).initialize()

  const products = source.getRepository(Product)
  // Not with findAndCount: with a selection of columns it counts only rows that have no null among them.
  const tests = source.getRepository(Test)
  const living = { customerId, deletedAt: IsNull() }
  const page = { where: living, order: { endAt: { direction: 'DESC', nulls: 'LAST' }, id: 'ASC' }, take: 50 }
  const recent = (from) => (query) =>
    query.select('COUNT(*)').from(Test, 'test').where('test.customerId = product.customerId AND test.productId = product.id AND test.deletedAt IS NULL')
      .andWhere('test.status IN (:...executed) AND test.endAt BETWEEN :' + from + ' AND :now')
  const bugsInScope = () =>
    source.getRepository(Bug).createQueryBuilder('bug').innerJoin('bug.test', 'test')
      .where('bug.customerId = :customerId AND bug.deletedAt IS NULL AND test.deletedAt IS NULL AND test.status IN (:...executed)', { customerId, executed })

  return {
    answers: {
      async 'products.list'() {
        const { entities, raw } = await products.createQueryBuilder('product')
          .addSelect((query) => query.select('MAX(test.endAt)').from(Test, 'test').where('test.customerId = product.customerId AND test.productId = product.id AND test.deletedAt IS NULL'), 'last_end_at')
          .addSelect(recent('from30'), 'last_30')
          .addSelect(recent('from90'), 'last_90')
          .where('product.customerId = :customerId AND product.deletedAt IS NULL')
          .setParameters({ customerId, executed, from30, from90, now })
          .orderBy('product.name', 'ASC').addOrderBy('product.id', 'ASC').limit(20).getRawAndEntities()
        const items = entities.map((product, at) => ({ ...product, lastTestEndAt: raw[at].last_end_at, testsLast30Days: raw[at].last_30, testsLast90Days: raw[at].last_90 }))
        return { items, total: await products.countBy(living) }
      },
      async 'tests.list, 50 rows'() {
        const items = await tests.find({ ...page, select: listed })
        return { items, total: await tests.countBy(living) }
      },
      async 'tests.list, 50 rows with bug counts'() {
        const items = await tests.find({ ...page, select: { ...listed, bugs: { customerId: true, id: true, outcome: true, deletedAt: true } }, relations: { bugs: true } })
        return { items: items.map((test) => ({ ...test, bugs: test.bugs.filter((bug) => bug.deletedAt === null) })), total: await tests.countBy(living) }
      },
      async 'bugs by severity'() {
        return bugsInScope().select('bug.severity', 'severity').addSelect('COUNT(*)', 'bug_count').groupBy('bug.severity').orderBy('bug_count', 'DESC').getRawMany()
      },
      async 'bugs, rejection rate by month'() {
        return tests.createQueryBuilder('test').leftJoin('test.bugs', 'bug', 'bug.deletedAt IS NULL')
          .select("strftime('%Y-%m', test.endAt)", 'month').addSelect('bug.outcome', 'outcome').addSelect('COUNT(bug.id)', 'bug_count')
          .where('test.customerId = :customerId AND test.deletedAt IS NULL AND test.status IN (:...executed)', { customerId, executed })
          .groupBy('month').addGroupBy('bug.outcome').orderBy('month').getRawMany()
      },
      async 'bugs by platform'() {
        return bugsInScope().leftJoin('bug.devices', 'device', 'device.operatingSystem IS NOT NULL').select('device.operatingSystem', 'platform')
          .addSelect('COUNT(DISTINCT bug.id)', 'bug_count').groupBy('device.operatingSystem').orderBy('bug_count', 'DESC').getRawMany()
      },
      async 'bugs by feature'() {
        return bugsInScope().leftJoin('bug.testFeature', 'snapshot').leftJoin('snapshot.feature', 'feature', 'feature.deletedAt IS NULL')
          .select('snapshot.featureId', 'id').addSelect('feature.title', 'title').addSelect('COUNT(*)', 'bug_count')
          .groupBy('snapshot.featureId').addGroupBy('feature.title').orderBy('bug_count', 'DESC').limit(100).getRawMany()
      },
    },
    takeCount: () => [asked, (asked = 0)][0],
    close: () => source.destroy(),
  }
}

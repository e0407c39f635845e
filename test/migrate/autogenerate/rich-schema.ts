/** A shop in two versions: every type of column and every kind of constraint, and every kind of change between them. */
import { c } from '../../../src/schema/column.ts'
import { type Schema, defineSchema, table } from '../../../src/schema/table.ts'
import type { Op } from '../../../src/migrate/op.ts'

const id = c.integer().primaryKey()

export const first: Schema = defineSchema({
  countries: table({ code: c.text({ length: 2 }).primaryKey(), name: c.text().notNull().unique() }),

  users: table(
    {
      id,
      email: c.text({ length: 255 }).notNull().unique(),
      handle: c.text().comment("what others see; it's `short`"),
      role: c.enum(['admin', 'member', 'guest']).notNull().default('member'),
      is_active: c.boolean().notNull().default(true),
      balance: c.numeric(10, 2).default(0),
      profile: c.json().notNull().default({ theme: "it's dark", sizes: [1, 2] }),
      created_at: c.instant().notNull().defaultNow(),
      born: c.date().defaultNow(),
      token: c.uuid().default('00000000-0000-4000-8000-000000000000'),
      avatar: c.bytes(),
      score: c.real().notNull().default(1.5),
      visits: c.integer().notNull().default(0),
      country: c.text({ length: 2 }).references('countries', 'code', { onDelete: 'set null', onUpdate: 'cascade' }),
      bio: c.text().default("it's\na \\ `${bio}`"),
      lower_email: c.text().generated('lower(email)'),
    },
    {
      indexes: [
        { columns: ['country', { column: 'score', order: 'desc' }] },
        { name: 'ix_users_active', columns: ['handle'], where: 'is_active' },
        { name: 'ix_users_handle_lower', columns: [{ expression: 'lower(handle)' }], unique: true },
      ],
      checks: [{ name: 'ck_users_score', expression: 'score >= 0' }, { expression: "handle <> ''" }],
      comment: "who buys; it's all of them",
    },
  ),

  products: table(
    {
      id,
      sku: c.text({ length: 20 }).notNull(),
      title: c.text().notNull(),
      price: c.numeric(12, 2).notNull(),
      stock: c.integer(),
      state: c.enum(['draft', 'live', 'gone'], { name: 'product_state' }).notNull().default('draft'),
      gross: c.numeric(14, 2).generated('price * 1.19'),
      parent_id: c.integer().references('products', 'id', { onDelete: 'cascade' }),
      note: c.text(),
    },
    { uniques: [{ columns: ['sku', 'title'] }], indexes: [{ name: 'ix_products_live', columns: ['title'], where: "state = 'live'" }] },
  ),

  orders: table(
    { user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), number: c.bigint().notNull(), placed_at: c.instant(), priority: c.enum(['low', 'high'], { name: 'priority' }).default('low') },
    { primaryKey: ['user_id', 'number'], comment: 'one a purchase' },
  ),

  order_items: table(
    { id, user_id: c.integer().notNull(), order_number: c.bigint().notNull(), product_id: c.integer().references('products', 'id'), amount: c.integer().notNull().default(1) },
    { foreignKeys: [{ columns: ['user_id', 'order_number'], references: { table: 'orders', columns: ['user_id', 'number'] }, onDelete: 'cascade' }], checks: [{ expression: 'amount > 0' }] },
  ),

  // Two that refer to each other.
  teams: table({ id, name: c.text().notNull(), lead_id: c.integer().references('members', 'id', { onDelete: 'set null' }) }),
  members: table({ id, team_id: c.integer().notNull().references('teams', 'id'), since: c.date() }),

  sessions: table({ id: c.uuid().primaryKey(), user_id: c.integer().notNull().references('users', 'id'), data: c.json() }, { indexes: [{ columns: ['user_id'] }] }),
  coupons: table({ code: c.text().notNull(), percent: c.integer().notNull(), valid_until: c.date() }, { uniques: [{ name: 'uq_coupons', columns: ['code', 'percent'] }] }),
})

export const second: Schema = defineSchema({
  countries: table({ code: c.text({ length: 2 }).primaryKey(), name: c.text().notNull(), region: c.text() }, { uniques: [{ columns: ['name', 'region'] }] }),

  users: table(
    {
      id,
      email: c.text({ length: 320 }).notNull().unique(),
      nickname: c.text().notNull().comment('what others see'),
      role: c.enum(['owner', 'admin', 'member', 'guest']).notNull().default('member'),
      is_active: c.boolean(),
      balance: c.numeric(12, 2),
      profile: c.json().notNull().default([]),
      created_at: c.instant().notNull().defaultNow(),
      born: c.date().defaultNow(),
      token: c.uuid(),
      avatar: c.bytes(),
      score: c.real().notNull().default(0),
      visits: c.bigint().notNull().default(0),
      country: c.text({ length: 2 }).references('countries', 'code', { onDelete: 'cascade' }),
      lower_email: c.text().generated("lower(email) || '!'"),
      seen_at: c.instant().notNull().defaultNow(),
      phone: c.text({ length: 30 }).unique(),
    },
    {
      indexes: [
        { columns: ['country', 'score'] },
        { name: 'ix_users_active', columns: ['nickname'], where: 'is_active and score > 1' },
        { name: 'ix_users_nickname_lower', columns: [{ expression: 'lower(nickname)' }] },
        { columns: ['seen_at'] },
      ],
      checks: [{ name: 'ck_users_score', expression: 'score >= -1' }, { name: 'ck_users_nickname', expression: "nickname <> ''" }],
      comment: 'who buys',
    },
  ),

  products: table(
    {
      id,
      sku: c.text({ length: 20 }).notNull().unique(),
      title: c.text().notNull(),
      price: c.numeric(12, 3).notNull(),
      stock: c.integer().notNull().default(0),
      state: c.enum(['draft', 'review', 'live', 'gone'], { name: 'product_state' }).notNull().default('draft'),
      gross: c.numeric(14, 2).generated('price * 1.07'),
      parent_id: c.integer().references('products', 'id', { onDelete: 'set null' }),
      note: c.text().comment('for us only'),
    },
    { indexes: [{ name: 'ix_products_live', columns: ['title', { column: 'price', order: 'desc' }], where: "state = 'live'" }] },
  ),

  purchases: table(
    { user_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), number: c.bigint().notNull(), placed_at: c.instant(), priority: c.enum(['high', 'low'], { name: 'priority' }).default('high') },
    { primaryKey: ['user_id', 'number'], comment: 'one a purchase' },
  ),

  order_items: table(
    { id, user_id: c.integer().notNull(), order_number: c.bigint().notNull(), product_id: c.integer(), amount: c.bigint().notNull().default(1), review_id: c.integer().references('reviews', 'id') },
    { foreignKeys: [{ columns: ['user_id', 'order_number'], references: { table: 'purchases', columns: ['user_id', 'number'] }, onDelete: 'cascade' }], checks: [{ expression: 'amount > 0' }] },
  ),

  teams: table({ id, name: c.text().notNull(), lead_id: c.integer().references('members', 'id', { onDelete: 'set null' }) }),
  members: table({ id, team_id: c.integer().notNull().references('teams', 'id'), since: c.date() }),

  reviews: table(
    { id, user_id: c.integer().references('users', 'id'), stars: c.integer().notNull(), mood: c.enum(['good', 'bad'], { name: 'mood' }), at: c.instant().defaultNow() },
    { checks: [{ name: 'ck_reviews_stars', expression: 'stars between 1 and 5' }] },
  ),
  coupons: table({ code: c.text().notNull(), percent: c.integer().notNull(), valid_until: c.date() }, { primaryKey: ['code'] }),
})

/** What has another name in the second version. */
export const renames = ['orders:purchases', 'users.handle:users.nickname']

export async function insertRows(op: Op): Promise<void> {
  await op.insert('countries', [{ code: 'DE', name: 'Germany' }, { code: 'FR', name: 'France' }])
  await op.insert('users', [
    { id: 1, email: 'A@b.c', handle: 'ann', role: 'admin', profile: { a: 1 }, created_at: '2026-01-02T03:04:05.678Z', born: '1990-01-02', avatar: new Uint8Array([1, 2, 3]), country: 'DE', bio: 'wrote', score: 2 },
    { id: 2, email: 'd@e.f', handle: 'bob', role: 'guest', profile: { b: [2] }, created_at: '2026-02-02T03:04:05.678Z', born: '1991-01-02', avatar: null, country: null, bio: null, score: 0 },
  ])
  await op.insert('products', [
    { id: 1, sku: 'a', title: 'one', price: 9.99, stock: 3, state: 'live', parent_id: null },
    { id: 2, sku: 'b', title: 'two', price: 1, stock: 0, state: 'gone', parent_id: 1 },
  ])
  await op.insert('orders', [{ user_id: 1, number: 9_007_199_254_740_993n, placed_at: '2026-03-03T00:00:00.000Z', priority: 'high' }, { user_id: 2, number: 1, placed_at: null, priority: null }])
  await op.insert('order_items', [{ id: 1, user_id: 1, order_number: 9_007_199_254_740_993n, product_id: 1, amount: 2 }])
  await op.insert('teams', [{ id: 1, name: 'shop', lead_id: null }])
  await op.insert('members', [{ id: 1, team_id: 1, since: '2020-02-29' }])
  await op.execute('update teams set lead_id = 1')
  await op.insert('coupons', [{ code: 'x', percent: 10, valid_until: null }])
}

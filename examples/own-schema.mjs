// The migration kit alone, for a schema of your own: the same revisions on SQLite and on PGlite.
//   node own-schema.mjs sqlite ./guests.db      node own-schema.mjs pglite ./guests
import { Migrator, defineRevision } from 'tidemark/migrate'
import { c, defineSchema, table } from 'tidemark/schema'

// What the program works with. `migrator.check()` tells whether the database has exactly this.
const schema = defineSchema({
  guests: table({
    id: c.integer().primaryKey(),
    name: c.text().notNull(),
    vegetarian: c.boolean().notNull().default(false),
  }),
  bookings: table({
    id: c.integer().primaryKey(),
    guest_id: c.integer().notNull().references('guests', 'id', { onDelete: 'cascade' }),
    seats: c.integer().notNull(),
    starts_at: c.instant().notNull(),
  }, { checks: [{ name: 'ck_bookings_seats', expression: 'seats between 1 and 12' }] }),
})

const revisions = [
  defineRevision({
    id: '5d0c1e7a9b42', down: [], message: 'guests and bookings', createdAt: '2026-01-10T09:00:00Z',
    async upgrade(op) {
      await op.createTable('guests', { id: c.integer().primaryKey(), name: c.text().notNull(), diet: c.text() })
      await op.createTable('bookings', {
        id: c.integer().primaryKey(),
        guest_id: c.integer().notNull().references('guests', 'id', { onDelete: 'cascade' }),
        seats: c.integer().notNull(),
        starts_at: c.instant().notNull(),
      })
    },
    async downgrade(op) {
      await op.dropTable('bookings')
      await op.dropTable('guests')
    },
  }),
  defineRevision({
    id: '9e21b7f04c63', down: ['5d0c1e7a9b42'], message: 'vegetarian instead of a diet in words', createdAt: '2026-02-03T09:00:00Z',
    lossy: 'other diets than vegetarian are forgotten',
    async upgrade(op) {
      await op.batch('guests', (t) => t.addColumn('vegetarian', c.boolean().notNull().default(false)))
      await op.execute(`update guests set vegetarian = true where diet = 'vegetarian'`)
      await op.batch('guests', (t) => t.dropColumn('diet'))
      await op.createCheck('ck_bookings_seats', 'bookings', 'seats between 1 and 12')
    },
    async downgrade(op) {
      await op.dropConstraint('ck_bookings_seats', 'bookings')
      await op.batch('guests', (t) => t.addColumn('diet', c.text()))
      await op.execute(`update guests set diet = 'vegetarian' where vegetarian`)
      await op.batch('guests', (t) => t.dropColumn('vegetarian'))
    },
  }),
]

const [engine = 'sqlite', place] = process.argv.slice(2)
const storage = engine === 'pglite' ? await (await import('tidemark/pglite')).pglite({ dir: place }) : await (await import('tidemark/sqljs')).sqljs({ file: place })
const migrator = new Migrator({ storage, revisions, schema })
const ask = async (sql) => (await storage.query({ sql })).rows
try {
  const before = await migrator.current()
  if (before.length === 0) {
    // Years ago, so to speak: guests came when there was only the first revision.
    await migrator.upgrade('5d0c1e7a9b42')
    await ask(`insert into guests (id, name, diet) values (1, 'Ada', 'vegetarian'), (2, 'Grace', null)`)
    await ask(`insert into bookings (id, guest_id, seats, starts_at) values (1, 1, 4, '2026-03-01T19:00:00Z')`)
  }
  const { steps } = await migrator.upgrade()
  const refused = await ask('insert into bookings (id, guest_id, seats, starts_at) select 2, 2, 13, starts_at from bookings').then(() => null, ({ code }) => code)
  console.log(JSON.stringify({
    engine: storage.dialect, before, applied: steps.map(({ revision }) => revision), now: await migrator.current(),
    guests: await ask('select id, name, vegetarian from guests order by id'),
    bookings: await ask('select guest_id, seats, starts_at from bookings order by id'),
    thirteenSeats: refused,
    asDeclared: (await migrator.check()).ok,
  }, null, 2))
} finally {
  await storage.close()
}

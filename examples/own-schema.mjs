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
const storage = await openStorage()
const migrator = new Migrator({ storage, revisions, schema })
try {
  const before = await migrator.current()
  if (before.length === 0) await liveThroughTheFirstYear()
  // What a program does when it starts: nothing, where the database is at the newest revision already.
  const { steps } = await migrator.upgrade()

  console.log(JSON.stringify({
    engine: storage.dialect,
    before,
    applied: steps.map(({ revision }) => revision),
    now: await migrator.current(),
    guests: await rows('select id, name, vegetarian from guests order by id'),
    bookings: await rows('select guest_id, seats, starts_at from bookings order by id'),
    thirteenSeats: await book({ id: 2, guestId: 2, seats: 13 }),
    asDeclared: (await migrator.check()).ok,
  }, null, 2))
} finally {
  await storage.close()
}

/** Only the engine that is used has to be installed. */
async function openStorage() {
  if (engine === 'pglite') {
    const { pglite } = await import('tidemark/pglite')
    return pglite({ dir: place })
  }
  const { sqljs } = await import('tidemark/sqljs')
  return sqljs({ file: place })
}

/** Guests came when there was only the first revision; what they wrote has to survive the second. */
async function liveThroughTheFirstYear() {
  await migrator.upgrade('5d0c1e7a9b42')
  await rows(`insert into guests (id, name, diet) values (1, 'Ada', 'vegetarian'), (2, 'Grace', null)`)
  await book({ id: 1, guestId: 1, seats: 4 })
}

/** 'booked', or the code of the reason why not. */
async function book({ id, guestId, seats }) {
  const values = [id, guestId, seats, '2026-03-01T19:00:00.000Z']
  const places = values.map((_, index) => (storage.dialect === 'sqlite' ? '?' : `$${index + 1}`)).join(', ')
  try {
    await storage.query({ sql: `insert into bookings (id, guest_id, seats, starts_at) values (${places})`, parameters: values })
    return 'booked'
  } catch (error) {
    if (error.code !== 'check_violated') throw error
    return error.code
  }
}

async function rows(sql) {
  return (await storage.query({ sql })).rows
}

/** The migration kit beside Alembic and the tools of npm: see README.md beside this file. */
import type { Scale } from '../support/account.ts'
import { benchComparisons } from './compare/comparisons.ts'
import type { Databases } from './databases/databases.ts'
import { postgresDatabases } from './databases/postgres-databases.ts'
import { sqliteFiles } from './databases/sqlite-files.ts'
import { benchRebuilds } from './rebuild/rebuilds.ts'
import { reportComparisons, reportRebuilds, reportUpgrades } from './report.ts'
import { benchUpgrades } from './upgrades.ts'

const sizes = {
  demo: { histories: [{ revisions: 30, samples: 2, commandFromEmpty: true }], tables: 30, rows: 10_000, samples: 2 },
  seed: {
    histories: [{ revisions: 300, samples: 5, commandFromEmpty: true }, { revisions: 1000, samples: 3, commandFromEmpty: false }],
    tables: 200, rows: 1_000_000, samples: 5,
  },
} as const satisfies Readonly<Record<Scale, unknown>>

export type MigratePart = 'upgrade' | 'compare' | 'rebuild'

/** @param print told of each part as soon as its figures are there */
export async function benchMigrate(scale: Scale, wants: (part: MigratePart) => boolean, print: (report: string) => void): Promise<void> {
  const { histories, tables, rows, samples } = sizes[scale]
  await on(sqliteFiles, async (databases) => {
    if (wants('upgrade')) for (const history of histories) print(reportUpgrades(await benchUpgrades(databases, history)))
    if (wants('compare')) print(reportComparisons(await benchComparisons(databases, { tables, samples: samples * 4 })))
    if (wants('rebuild')) print(reportRebuilds(await benchRebuilds(databases, { rows, samples })))
  })
  if (!wants('upgrade') && !wants('compare')) return
  await on(postgresDatabases, async (databases) => {
    if (wants('upgrade')) print(reportUpgrades(await benchUpgrades(databases, { ...histories[0], samples: Math.min(3, samples) })))
    if (wants('compare')) print(reportComparisons(await benchComparisons(databases, { tables, samples: samples * 2 })))
  })
}

async function on(open: () => Promise<Databases>, work: (databases: Databases) => Promise<void>): Promise<void> {
  const databases = await open()
  try {
    await work(databases)
  } finally {
    await databases.close()
  }
}

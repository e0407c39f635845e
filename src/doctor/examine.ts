/**
 * Everything the doctor looks at in a database, in an order in which what is broken keeps what would only repeat it from
 * being asked. Reads, and writes nothing: it never migrates and never syncs, and never throws for what it finds.
 */
import { sql } from 'kysely'
import { readDatabase } from '../diagnostics.ts'
import { isTidemarkError } from '../errors.ts'
import type { Migrator } from '../migrate/migrator.ts'
import type { Shadows } from '../migrate/shadow.ts'
import { tidemarkMigrator } from '../migrate/tidemark-migrator.ts'
import { isDeclarable } from '../model/declarable.ts'
import { schema, type TidemarkDatabase } from '../model/schema.ts'
import type { QueryContext } from '../repositories/context.ts'
import { fromOneState } from '../repositories/one-state.ts'
import { engineVersion } from '../storage/engine-version.ts'
import { readIntegrity } from '../storage/integrity.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { Storage } from '../storage/storage.ts'
import { writeHindrance } from '../storage/write-access.ts'
import { checkDeviceSets } from './device-sets.ts'
import { check, found, type Finding } from './finding.ts'
import { checkKeptCounts } from './kept-counts.ts'
import { schemaState, type SchemaState } from './schema-state.ts'
import { checkSearchIndex } from './search-index.ts'
import { checkSync } from './sync-state.ts'

export interface Examination {
  readonly storage: Storage
  /** Undefined when nobody has said which; then only the database itself is looked at. */
  readonly customerId: number | undefined
  readonly refreshSeconds: number
  /** Empty databases that are not on the server of the storage, since nothing may be made there. */
  readonly shadows: Shadows
  /** Also what takes long: the words of every text in the index. */
  readonly full: boolean
  readonly now: () => number
}

export async function examineDatabase(examination: Examination): Promise<readonly Finding[]> {
  const { storage, customerId, refreshSeconds, full, now } = examination
  const db = kyselyFor<TidemarkDatabase>(storage, storage.dialect)
  const findings: Finding[] = [await checkEngine(storage), await checkWritable(storage)]
  const { finding: integrity, isUsable: isWhole } = await checkIntegrity(storage)
  findings.push(integrity)
  if (!isWhole) return [...findings, ...notLookedAt('The database is damaged; that comes first.')]
  const { findings: schema, isUsable } = await checkSchema(examination)
  findings.push(...schema)
  if (!isUsable) return [...findings, ...notLookedAt('The tables are not those that this program knows.')]
  if (customerId === undefined) return [...findings, ...notLookedAt('The customer is not known.')]
  const context: QueryContext = { storage, db, customerId, now, timeZone: 'UTC', refreshSeconds }
  findings.push(await checkContents(context))
  const ofOneState = (label: string, name: string, look: (view: QueryContext) => Promise<Finding>): Promise<Finding> =>
    found((error) => check('derived_data', name).broken(label, error), () => fromOneState(context, look))
  return [
    ...findings,
    await ofOneState('The kept counts cannot be compared', 'kept_counts', checkKeptCounts),
    await ofOneState('The devices of bugs cannot be compared', 'device_sets', checkDeviceSets),
    await ofOneState('The search index cannot be compared', 'search_index', (view) => checkSearchIndex(view, { all: full })),
    ...(await checkSync(context)),
  ]
}

function notLookedAt(why: string): readonly Finding[] {
  return [check('derived_data', 'derived_data').skipped('Not looked at', why), check('sync', 'sync').skipped('Not looked at', why)]
}

async function checkEngine(storage: Storage): Promise<Finding> {
  const engine = check('versions', 'engine')
  return found((error) => engine.broken('The engine does not answer', error), async () => {
    const db = kyselyFor<TidemarkDatabase>(storage, storage.dialect)
    const { rows } = await sql<{ readonly version: string }>`select ${engineVersion(storage.dialect)} as version`.execute(db)
    return engine.ok(`${rows[0]?.version ?? 'unknown'} (${storage.name})`)
  })
}

async function checkWritable(storage: Storage): Promise<Finding> {
  const writable = check('database', 'engine_writes')
  return found((error) => writable.broken('Whether the engine takes writes cannot be told', error), async () => {
    const db = kyselyFor<TidemarkDatabase>(storage, storage.dialect)
    const { rows } = await sql<{ readonly why: string | null }>`select ${writeHindrance(storage.dialect)} as why`.execute(db)
    const why = rows[0]?.why ?? null
    if (why === null) return writable.ok('The engine answers, and refuses no writes')
    return writable.warning('The database can only be read', why, 'Reports and questions work. To sync, give the URL of a server and a role that may write.')
  })
}

async function checkIntegrity(storage: Storage): Promise<{ readonly finding: Finding; readonly isUsable: boolean }> {
  const integrity = check('database', 'integrity')
  const anew = 'Move it away and run "tidemark sync", which reads all of it again from the API, or restore a backup.'
  try {
    const { looked, damage, isFullTextDamaged, brokenReferences } = await storage.snapshot((view) => readIntegrity(kyselyFor<TidemarkDatabase>(view, storage.dialect), storage.dialect))
    if (damage.length > 0) return { finding: integrity.failed('The database is damaged', `The engine says: ${damage.join('; ')}.`, anew), isUsable: false }
    if (brokenReferences.length > 0) {
      return { finding: integrity.failed('Rows refer to rows that are not there', `This is so in ${brokenReferences.join(', ')}: another program has written there.`, anew), isUsable: true }
    }
    if (isFullTextDamaged) {
      return { finding: integrity.failed('The search index is damaged', 'The engine finds other words in it than were stored; all else is whole.', 'Run "tidemark search --rebuild-index".'), isUsable: true }
    }
    return { finding: integrity.ok(looked), isUsable: true }
  } catch (error) {
    const broken = integrity.broken('The database is damaged, or cannot be read', error)
    return broken.status === 'failed' ? { finding: { ...broken, next: anew }, isUsable: false } : { finding: broken, isUsable: true }
  }
}

async function checkSchema({ storage, shadows, now }: Examination): Promise<SchemaState> {
  const migrator = tidemarkMigrator({ storage, schema, shadows, include: isDeclarable, now })
  try {
    return schemaState(await migrator.check())
  } catch (error) {
    if (isTidemarkError(error, 'engine_missing') || isTidemarkError(error, 'shadow_missing')) return uncomparedSchema(migrator)
    return { findings: [check('database', 'revision').broken('Where the database stands cannot be told', error)], isUsable: false }
  }
}

/** Without an empty database to compare with, where it stands can be told all the same. */
async function uncomparedSchema(migrator: Migrator): Promise<SchemaState> {
  const revision = check('database', 'revision')
  const position = await found((error) => revision.broken('Where the database stands cannot be told', error), async () => {
    const { current, atHead } = await migrator.status()
    if (atHead) return revision.ok(`At the newest revision (${current ?? 'none'})`)
    // One that is ahead fails here, with the way back.
    await migrator.plan('heads')
    return revision.warning('The database is not at the newest revision', `It stands at ${current ?? 'none'}.`, 'See "tidemark migrate history", then run "tidemark migrate upgrade".')
  })
  const comparison = check('database', 'schema').skipped(
    'Tables, columns and indexes were not compared', 'There is no empty database of this kind to compare with.', 'Run "npm install @electric-sql/pglite", then the doctor again.',
  )
  return { findings: [position, comparison], isUsable: position.status === 'ok' }
}

async function checkContents(context: QueryContext): Promise<Finding> {
  const contents = check('database', 'contents')
  return found((error) => contents.broken('The contents cannot be counted', error), async () => {
    const { counts, sizeBytes } = await readDatabase({ context, revision: async () => ({ current: null, atHead: true }) })
    const { rows } = await sql<{ readonly customer_id: number }>`select distinct customer_id from products order by customer_id limit 10`.execute(context.db)
    const others = rows.map((row) => row.customer_id).filter((id) => id !== context.customerId)
    if (counts.products === 0 && others.length > 0) {
      return contents.warning(
        `Nothing is stored of customer ${context.customerId}`, `The database holds ${others.length === 1 ? 'customer' : 'customers'} ${others.join(', ')}.`,
        'Check the customer (--customer, TIDEMARK_CUSTOMER_ID), or run "tidemark sync" for this one.',
      )
    }
    const size = sizeBytes === null ? '' : `, ${(sizeBytes / 1024 / 1024).toFixed(1)} MB`
    return contents.ok(`${counts.products} products, ${counts.tests} tests, ${counts.bugs} bugs, ${counts.features} features, ${counts.users} users${size}`)
  })
}

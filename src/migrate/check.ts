/**
 * Compares the declared schema, what the revisions make on a shadow, and the live database, and says which of them
 * disagree. Reads the live database and changes nothing in it.
 */
import { isTidemarkError } from '../errors.ts'
import { compareSchemas } from '../schema/compare-schemas.ts'
import { nameKey } from '../schema/compare-expressions.ts'
import type { SchemaScope } from '../schema/difference.ts'
import { type LiveSchema, introspect } from '../schema/introspect.ts'
import { type NamingConvention, type Schema, defaultNaming } from '../schema/table.ts'
import type { Storage } from '../storage/storage.ts'
import type { Bookkeeping } from './bookkeeping.ts'
import { buildSchema } from './build-schema.ts'
import { changedRevisions } from './changed-revisions.ts'
import type { CheckComparison, CheckFinding, CheckReport, SchemaParty } from './check-report.ts'
import type { RevisionGraph } from './graph.ts'
import { halfWayOf, readHalfWay } from './half-way.ts'
import type { HistoryEntry } from './migration-plan.ts'
import { type History, replay } from './replay.ts'
import type { Revision } from './revision.ts'
import { RevisionFailure } from './run-revision.ts'
import { type Shadows, openShadow } from './shadow.ts'

export interface CheckOptions {
  readonly storage: Storage
  readonly graph: RevisionGraph
  readonly revisions: readonly Revision[]
  readonly bookkeeping: Bookkeeping
  /** All of it, as `Migrator.history()` gives it. */
  readonly history: readonly HistoryEntry[]
  /** Without it, only revisions and database are compared. */
  readonly schema?: Schema | undefined
  readonly shadows?: Shadows | undefined
  /** Default that of the schema. */
  readonly naming?: NamingConvention | undefined
  /** False for a table or enum that is to be left alone although it is declared or a revision made it. */
  readonly include?: SchemaScope['include']
}

/** @throws TidemarkError `shadow_missing` where no empty database of the dialect can be had */
export async function checkDatabase(options: CheckOptions): Promise<CheckReport> {
  const { storage, graph, bookkeeping, schema, shadows, naming = schema?.naming ?? defaultNaming } = options
  const { dialect } = storage
  const findings: CheckFinding[] = []
  const current = await bookkeeping.read(storage)
  const known = current.filter((row) => graph.has(row))
  const heads = graph.heads()
  const missing = graph.upgradePath(known, 'heads')
  const halfWay = await readHalfWay(storage, bookkeeping, graph, current)
  if (known.length < current.length) findings.push({ kind: 'unknownRevisions', revisions: current.filter((row) => !graph.has(row)) })
  if (missing.length > 0) findings.push({ kind: 'behind', missing })
  if (heads.length > 1) findings.push({ kind: 'severalHeads', heads })
  if (halfWay !== undefined) findings.push({ kind: 'halfWay', halfWay: halfWayOf(halfWay) })
  const { changed, notComparable: revisionsNotComparable } = await changedRevisions(options.history, { dialect, naming })
  findings.push(...changed.map((change) => ({ kind: 'revisionChanged' as const, ...change })))

  const live = await introspect(storage)
  const shadow = await openShadow(shadows, dialect, storage)
  try {
    const history = { graph, revisions: options.revisions, naming }
    // What stands on unknown revisions cannot be made again; what the known ones make is still compared with the schema.
    const lost = known.length < current.length
    const applied = await tried(findings, () => replayed(shadow, history, lost ? [] : known))
    const all = applied === undefined || (missing.length === 0 && !lost) ? applied : await tried(findings, () => replayed(shadow, history, 'heads', lost ? [] : known))
    const declared = schema && (await tried(findings, () => built(schema, shadows, storage)))
    const names = ownNames([applied, all, declared].flatMap((side) => side ?? []), options.include)
    const scope = { shadow, include: (kind: 'table' | 'enum', name: string) => names.has(`${kind} ${nameKey(dialect, name)}`) }
    const compare = async (from: SchemaParty, before: LiveSchema | undefined, to: SchemaParty, after: LiveSchema | undefined): Promise<readonly CheckComparison[]> => {
      if (before === undefined || after === undefined) return []
      const { differences, notComparable } = await compareSchemas(before, after, scope)
      const counted = to === 'schema' ? notComparable.filter(({ differs }) => differs !== true) : notComparable
      const agree = differences.length === 0 && counted.every(({ differs }) => differs !== true)
      return [{ from, to, ...(from === 'revisions' ? { at: to === 'schema' ? heads : known } : {}), agree, differences, notComparable: counted }]
    }
    const settled = halfWay === undefined ? live : undefined
    const comparisons = [
      ...(await compare('revisions', all, 'schema', declared)),
      ...(await compare('revisions', lost ? undefined : applied, 'database', settled)),
      ...(await compare('database', settled, 'schema', declared)),
    ]
    const own = new Set(bookkeeping.tables().map((table) => nameKey(dialect, table.name)))
    return {
      ok: findings.length === 0 && comparisons.every((comparison) => comparison.agree),
      current,
      heads,
      findings,
      comparisons,
      revisionsNotComparable,
      leftAlone: [...live.tables.keys()].filter((name) => !names.has(`table ${nameKey(dialect, name)}`) && !own.has(nameKey(dialect, name))).toSorted(),
    }
  } finally {
    await shadow.close()
  }
}

async function replayed(shadow: Storage, history: History, target: string | readonly string[], from: readonly string[] = []): Promise<LiveSchema> {
  if (target.length > 0) await replay(shadow, history, target, from)
  return introspect(shadow)
}

async function built(schema: Schema, shadows: Shadows | undefined, storage: Storage): Promise<LiveSchema> {
  const shadow = await openShadow(shadows, storage.dialect, storage)
  try {
    await buildSchema(shadow, schema)
    return await introspect(shadow)
  } finally {
    await shadow.close()
  }
}

/** A shadow can lack what the live database has, an extension for example; then it is said, and the rest is checked. */
async function tried(findings: CheckFinding[], make: () => Promise<LiveSchema>): Promise<LiveSchema | undefined> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof RevisionFailure) {
      findings.push({ kind: 'revisionNotRunnable', revision: error.revision.id, why: isTidemarkError(error.cause) ? error.cause.why : 'Its code threw an error.' })
    } else if (isTidemarkError(error, 'statement_failed')) {
      findings.push({ kind: 'schemaNotBuildable', why: error.why })
    } else {
      throw error
    }
    return undefined
  }
}

/** What the schema declares and what the revisions make: nothing else is theirs. */
function ownNames(sides: readonly LiveSchema[], include: NonNullable<SchemaScope['include']> = () => true): ReadonlySet<string> {
  return new Set(sides.flatMap(({ dialect, tables, enums }) => [
    ...[...tables.keys()].filter((name) => include('table', name)).map((name) => `table ${nameKey(dialect, name)}`),
    ...[...enums.keys()].filter((name) => include('enum', name)).map((name) => `enum ${name}`),
  ]))
}

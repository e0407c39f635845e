/**
 * The proof that operations do what they are for: up on a copy of the database's schema, where nothing may be left to do,
 * and down again, where everything must be as it was. Made-up rows show what is lost on the way.
 */
import { TidemarkError } from '../../errors.ts'
import { compareSchemas } from '../../schema/compare-schemas.ts'
import { describeDifference } from '../../schema/describe-difference.ts'
import type { NotComparable, SchemaDifference, SchemaScope } from '../../schema/difference.ts'
import { type LiveSchema, introspect } from '../../schema/introspect.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Operation } from '../operation.ts'
import { type RowChange, compareRows, snapshotRows } from '../verify/row-snapshot.ts'
import { fillTables } from '../verify/synthetic-rows.ts'
import { runOperations, tryOperations } from './trial.ts'

export interface ProofInput {
  /** A copy of the database's schema, without rows. Its schema is the same afterwards. */
  readonly copy: Storage
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What the upgrade has to lead to, as the engine of the copy says it. */
  readonly declared: LiveSchema
  readonly include: NonNullable<SchemaScope['include']>
  /** A database to compare expressions in; left as it was. */
  readonly scratch: Storage
  /** What the copy lacks of the database, in words. */
  readonly missing: readonly string[]
  /** Tables outside of the schema with foreign keys into it. */
  readonly neighbours: readonly string[]
}

export interface Proof {
  /** What became of made-up rows on the way up and back; none where no rows could be made that suit both sides. */
  readonly rowChanges: readonly RowChange[]
  /** Why the way back refuses rows that were there before the upgrade. */
  readonly refusedBack?: string | undefined
  /** What the way back does not bring back, since no declaration can say it. */
  readonly notRestored: readonly NotComparable[]
}

/** @throws TidemarkError `revision_unproven` with what is left, in words */
export async function proveOperations(input: ProofInput): Promise<Proof> {
  const { copy, upgrade, downgrade, declared, include, scratch } = input
  const before = await introspect(copy)
  await fillTables(copy, before, { tables: ownTables(before, include) })
  const rows = await ownRows(copy, include)

  const refused = await runOperations(copy, upgrade, (why, cause) => unproven('upgrade', `It cannot be carried out on a copy of the database. ${why}`, input, cause))
  const there = await introspect(copy)
  requireNone('upgrade', (await compareSchemas(there, declared, { include, shadow: scratch })).differences, input)

  // Where rows stood in the way, those that suit the new tables are the ones to go back with.
  await fillTables(copy, there, { tables: ownTables(there, include).filter((table) => refused !== undefined || !before.tables.has(table)) })
  const stuck = await runOperations(copy, downgrade, (why, cause) => unproven('downgrade', `It cannot be carried out on a copy of the database. ${why}`, input, cause))
  const { differences, notComparable } = await compareSchemas(await introspect(copy), before, { include, shadow: scratch })
  const [unknown, left] = [differences.filter(isOfUnknownType), differences.filter((difference) => !isOfUnknownType(difference))]
  requireNone('downgrade', left, input)

  return {
    rowChanges: stuck !== undefined ? [] : refused === undefined ? compareRows(rows, await ownRows(copy, include)) : await changesOfSuitedRows(input),
    refusedBack: refused === undefined ? stuck : undefined,
    notRestored: [...unknown.map((difference) => ({ object: describeDifference(difference), why: 'No declaration can say this type.' })), ...notComparable.filter(({ differs }) => differs === true)],
  }
}

/** Up and back once more, with the rows that have come back. */
async function changesOfSuitedRows({ copy, upgrade, downgrade, include }: ProofInput): Promise<readonly RowChange[]> {
  const rows = await ownRows(copy, include)
  if ((await tryOperations(copy, upgrade)) !== undefined) return []
  if ((await tryOperations(copy, downgrade)) === undefined) return compareRows(rows, await ownRows(copy, include))
  await runOperations(copy, downgrade, (why, cause) => new TypeError(why, { cause }))
  return []
}

async function ownRows(copy: Storage, include: NonNullable<SchemaScope['include']>): ReturnType<typeof snapshotRows> {
  const schema = await introspect(copy)
  const own = new Set(ownTables(schema, include))
  return snapshotRows(copy, { ...schema, tables: new Map([...schema.tables].filter(([name]) => own.has(name))) })
}

function ownTables({ tables }: LiveSchema, include: NonNullable<SchemaScope['include']>): string[] {
  return [...tables.keys()].filter((name) => include('table', name))
}

/** A type that no column builder makes can go, but not come back as it was. */
function isOfUnknownType(difference: SchemaDifference): boolean {
  return difference.kind === 'columnChanged' && difference.to.type.kind === 'other'
}

function requireNone(direction: 'upgrade' | 'downgrade', differences: readonly SchemaDifference[], input: ProofInput): void {
  if (differences.length === 0) return
  const goal = direction === 'upgrade' ? 'the declared schema' : 'the schema as it was'
  throw unproven(direction, `Afterwards this is still missing to ${goal}: ${differences.map(describeDifference).join('; ')}.`, input)
}

function unproven(direction: 'upgrade' | 'downgrade', why: string, { missing, neighbours }: ProofInput, cause?: unknown): TidemarkError {
  const lacking = missing.length === 0 ? '' : ` The copy lacks what the database has: ${missing.join('; ')}.`
  const beside = neighbours.length === 0 ? '' : ` Tables that are left alone refer to it: ${neighbours.join(', ')}.`
  return new TidemarkError('revision_unproven', `Cannot write the revision: its ${direction} does not do what it is for`, {
    why: why + lacking + beside,
    next: 'Write this step by hand in an empty revision, or declare the schema so that both engines can have it.',
    cause,
    details: { direction },
  })
}

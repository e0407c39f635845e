/** One reading of several revisions: every operation is put before the rules, with what the ones before it have left. */
import { type TidemarkError, isTidemarkError } from '../../errors.ts'
import { type LiveSchema, introspect } from '../../schema/introspect.ts'
import { type NamingConvention, defaultNaming } from '../../schema/table.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'
import { type CollectedOperations, collectOperations } from '../collect-operations.ts'
import { type Operation, summarizeOperation } from '../operation.ts'
import type { Revision } from '../revision.ts'
import type { Place } from './excuses.ts'
import type { Finding } from './finding.ts'
import { LiveFacts } from './live-facts.ts'
import type { Judgement, LintStep, RegisteredRule } from './rule.ts'
import { SchemaTrail } from './schema-trail.ts'
import { type TableSizes, tableSizes } from './table-sizes.ts'

/** A revision that cannot be read to its end; no operation is to blame. */
export const notReadable = 'not-readable'

/** What is known of the database that the revisions are meant for. */
export interface LintOptions {
  readonly dialect: Dialect
  /** Default `upgrade`. */
  readonly direction?: 'upgrade' | 'downgrade' | undefined
  readonly naming?: NamingConvention | undefined
  /** Rows of the tables before the revisions run. Default those of `live`; a table that nobody knows counts as large. */
  readonly sizes?: TableSizes | undefined
  /** The database that the revisions are meant for, at the place where they begin. It is only read. */
  readonly live?: (Queryable & { readonly dialect: Dialect }) | undefined
  /** Revisions that are applied already, in their order: without `live` they tell which tables are there, and their types. */
  readonly earlier?: readonly Revision[] | undefined
}

/** What a reading begins with, asked of the live database once. */
export interface LintStart extends LintOptions {
  readonly direction: 'upgrade' | 'downgrade'
  readonly schema: LiveSchema | undefined
}

/** @throws TypeError when `live` is of another dialect */
export async function startOf(options: LintOptions): Promise<LintStart> {
  const { dialect, live, direction = 'upgrade' } = options
  if (live !== undefined && live.dialect !== dialect) throw new TypeError(`Cannot lint for ${dialect} with a live database of ${live.dialect}`)
  return { ...options, direction, schema: live && (await introspect(live)), sizes: options.sizes ?? (live && (await tableSizes(live))) }
}

export interface Found extends Place {
  readonly finding: Finding
}

type OperationPlace = Place & { readonly operation: Operation }

/**
 * Gives what reads one revision after the other.
 *
 * @param knowsRows false: as if nobody knew the rows, neither how many nor what is in them; tables and types are known all the same
 */
export async function startLintPass(start: LintStart, rules: readonly RegisteredRule[], knowsRows = true): Promise<(revision: Revision) => Promise<readonly Found[]>> {
  const { dialect, live, direction, schema, naming = defaultNaming } = start
  const collect = (revision: Revision, way: 'upgrade' | 'downgrade'): Promise<CollectedOperations> => collectOperations(revision, way, { dialect, naming })
  const trail = new SchemaTrail({ dialect, live: schema, sizes: knowsRows ? start.sizes : undefined })
  if (schema === undefined) {
    for (const revision of start.earlier ?? []) for (const operation of (await collect(revision, 'upgrade')).operations) trail.apply(operation)
    trail.beginRun()
  }
  const facts = new LiveFacts(knowsRows ? live : undefined, trail)

  return async (revision) => {
    const { operations, unreadable } = await collect(revision, direction)
    const places = operations.flatMap(takenApart)
    const found: Found[] = []
    for (const [position, place] of places.entries()) {
      const later = places.slice(position + 1).map(({ operation }) => operation)
      const step = { operation: place.operation, dialect, direction, revision, trail, facts, later, isInBatch: place.batch !== undefined }
      for (const rule of rules) {
        const judgement = rule.dialect === undefined || rule.dialect === dialect ? await rule.judge(step) : undefined
        if (judgement !== undefined) found.push(foundAt(places, place, rule, judgement, step))
      }
      // What is in a batch follows it, one by one.
      if (place.operation.kind !== 'batch') trail.apply(place.operation)
    }
    return unreadable === undefined ? found : [...found, { finding: unreadableFinding(revision, direction, unreadable), operation: undefined }]
  }
}

function foundAt(places: readonly OperationPlace[], place: OperationPlace, rule: RegisteredRule, judgement: Judgement, { revision, direction }: LintStep): Found {
  const at = places.find(({ operation }) => operation === judgement.operation) ?? place
  const isDeclared = rule.isLoss === true && direction === 'downgrade' && revision.lossy !== undefined
  const { severity, why } = isDeclared ? { severity: 'notice' as const, why: `${judgement.why} The revision says so itself.` } : judgement
  return { ...at, finding: { rule: rule.id, severity, revision: revision.id, operation: summarizeOperation(at.operation), why, safer: judgement.safer } }
}

function unreadableFinding(revision: Revision, direction: 'upgrade' | 'downgrade', unreadable: TidemarkError): Finding {
  // A question has its reasons; code that throws will throw when it is run.
  const severity = isTidemarkError(unreadable.cause, 'operation_not_supported') ? 'warning' : 'error'
  return { rule: notReadable, severity, revision: revision.id, operation: direction, why: `It could not be read to its end. ${unreadable.why}`, safer: unreadable.next }
}

/** A batch, and behind it what is in it. */
function takenApart(operation: Operation): readonly OperationPlace[] {
  return operation.kind === 'batch' ? [{ operation }, ...operation.operations.map((change) => ({ operation: change, batch: operation }))] : [{ operation }]
}

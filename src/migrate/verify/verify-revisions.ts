/**
 * Proves a history of revisions: each is run up, down and up again on a shadow database of every dialect there is, with
 * rows in every table, and what stands at the end is compared. No real database is needed or touched.
 */
import { TidemarkError, abortedError } from '../../errors.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import type { LiveSchema } from '../../schema/introspect.ts'
import { type NamingConvention, type Schema, defaultNaming } from '../../schema/table.ts'
import type { Dialect, Storage } from '../../storage/storage.ts'
import { type HistoryRange, RevisionGraph } from '../graph.ts'
import type { Revision } from '../revision.ts'
import { type OpenShadow, type Shadows, openShadow } from '../shadow.ts'
import { type VerifiedEnd, compareWithDeclared, compareWithEachOther } from './compare-ends.ts'
import { Laboratory } from './laboratory.ts'
import { failureText } from './proof-text.ts'
import { type Proof, type Verdict, proveRevision } from './prove-revision.ts'

export type { VerifiedEnd } from './compare-ends.ts'
export type { Verdict } from './prove-revision.ts'

/** What is verified, and on which shadows. */
export interface VerifyOptions {
  /** In any order. */
  readonly revisions: readonly Revision[]
  /** Where shadows of each dialect come from. */
  readonly shadows?: Shadows | undefined
  /** Gives the shadows of its dialect where `shadows` has none. Neither read nor changed. */
  readonly storage?: Storage | undefined
  /** Default all of which there is a shadow. */
  readonly dialects?: readonly Dialect[] | undefined
  /** What the tables should be at the end. Its naming convention names what revisions leave unnamed. */
  readonly schema?: Schema | undefined
  /** Default that of `schema`. */
  readonly naming?: NamingConvention | undefined
  /** What the end is compared in; everything when left out. Verdicts are about everything. */
  readonly include?: SchemaScope['include']
  /** Only these get a verdict; what they stand on is run all the same. Default all. */
  readonly range?: HistoryRange | undefined
  /** How many rows each table gets. Default 3, or as many as it takes for every value of an enum, up to 40. */
  readonly rowsPerTable?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told before each revision that gets a verdict. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

/** Which verdict is worked on. */
export interface VerifyProgress {
  readonly revision: string
  readonly message: string
  readonly engine: Dialect
  /** Of the verdict, from 1. */
  readonly index: number
  /** Verdicts over all dialects. */
  readonly total: number
}

/** The verdict on a revision, on one engine. */
export interface VerifiedRevision {
  readonly id: string
  readonly engine: Dialect
  readonly verdict: Verdict
  /** For people: what is wrong, then what the verdict rests on. Holds no values. */
  readonly details: readonly string[]
}

/** The verdicts, and what stands at the end. */
export interface VerifyReport {
  /** By dialect, then in the order in which they are applied. */
  readonly revisions: readonly VerifiedRevision[]
  /** What stands when all is applied; nothing when the range ends below the heads. */
  readonly ends: readonly VerifiedEnd[]
}

/**
 * A verdict for each revision on each dialect, and whether all of them together make what is declared. Without a
 * declared schema the dialects are compared with each other.
 *
 * @throws TidemarkError `revision_graph_invalid`, `revision_target_invalid`, `shadow_missing`, `aborted`
 *
 * @example
 * const { revisions: verdicts } = await verifyRevisions({ revisions, shadows: { sqlite: () => sqljs(), postgres: () => pglite() } })
 * const broken = verdicts.filter(({ verdict }) => verdict === 'broken')
 */
export async function verifyRevisions(options: VerifyOptions): Promise<VerifyReport> {
  const { revisions, schema, signal } = options
  const graph = new RevisionGraph(revisions)
  const wanted = new Set(graph.history(options.range))
  const path = graph.upgradePath([], 'heads')
  const last = path.findLastIndex((id) => wanted.has(id))
  const byId = new Map(revisions.map((revision) => [revision.id, revision]))
  const steps = path.slice(0, last + 1).flatMap((id) => byId.get(id) ?? [])
  const dialects = dialectsOf(options)
  const verified: VerifiedRevision[] = []
  const ends: { readonly engine: Dialect; readonly schema: LiveSchema | undefined }[] = []
  for (const engine of dialects) {
    const open: OpenShadow = () => openShadow(options.shadows, engine, options.storage)
    const laboratory = await Laboratory.open({ open, naming: options.naming ?? schema?.naming ?? defaultNaming, rowsPerTable: options.rowsPerTable })
    try {
      const missing = new Set<string>()
      for (const revision of steps) {
        if (signal?.aborted === true) throw abortedError('Cannot verify the revisions', signal)
        const isWanted = wanted.has(revision.id)
        if (isWanted) options.onProgress?.({ revision: revision.id, message: revision.message, engine, index: verified.length + 1, total: wanted.size * dialects.length })
        const needed = missing.size === 0 ? undefined : graph.upgradePath([], revision.id).find((id) => missing.has(id))
        const proof = needed !== undefined ? notTried(needed) : isWanted ? await proveRevision(laboratory, revision) : await applyOnly(laboratory, revision)
        if (!proof.stands) missing.add(revision.id)
        if (isWanted || !proof.stands) verified.push({ id: revision.id, engine, verdict: proof.verdict, details: proof.details })
      }
      ends.push({ engine, schema: missing.size === 0 ? (await laboratory.catalogue()).schema : undefined })
    } finally {
      await laboratory.close()
    }
  }
  if (steps.length < path.length) return { revisions: verified, ends: [] }
  return { revisions: verified, ends: schema === undefined ? compareWithEachOther(ends, options) : await compareWithDeclared(ends, schema, (engine) => openShadow(options.shadows, engine, options.storage), options) }
}

function dialectsOf({ dialects: wanted, shadows, storage }: VerifyOptions): readonly Dialect[] {
  const has = (dialect: Dialect): boolean => shadows?.[dialect] !== undefined || (storage?.dialect === dialect && storage.openShadow !== undefined)
  const dialects = wanted ?? (['sqlite', 'postgres'] as const).filter(has)
  if (dialects.length > 0) return dialects
  throw new TidemarkError('shadow_missing', 'Cannot verify the revisions', {
    why: 'There is no shadow database to run them on.',
    next: 'Pass one for each dialect, for example `shadows: { sqlite: () => sqljs(), postgres: () => pglite() }`.',
  })
}

/** Below the range: run, but not judged unless it fails. */
async function applyOnly(laboratory: Laboratory, revision: Revision): Promise<Proof> {
  const failed = await laboratory.run(revision, 'upgrade')
  return failed === undefined ? { verdict: 'lossless', details: [], stands: true } : { verdict: 'broken', details: [failureText('The upgrade fails', failed)], stands: false }
}

function notTried(needed: string): Proof {
  return { verdict: 'broken', details: [`It was not tried: revision "${needed}", which it needs, cannot be run.`], stands: false }
}

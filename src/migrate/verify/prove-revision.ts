/**
 * Proves one revision on a laboratory that stands just below it: up, down, up again, with rows in every table and a look
 * at everything in between. Whatever it finds, the laboratory stands at the revision afterwards if that can be had.
 */
import type { Revision } from '../revision.ts'
import type { RevisionFailure } from '../run-revision.ts'
import { type Catalogue, compareCatalogues } from './catalogue.ts'
import type { Laboratory, State } from './laboratory.ts'
import { differenceText, failureText, rowTexts } from './proof-text.ts'
import { compareRows } from './row-snapshot.ts'

/** `broken`: it fails, leaves other objects than there were, or loses rows without saying so. */
export type Verdict = 'lossless' | 'lossy' | 'irreversible' | 'broken'

export interface Proof {
  readonly verdict: Verdict
  /** For people: what is wrong, then what the verdict rests on. */
  readonly details: readonly string[]
  /** False when it cannot be run at all. */
  readonly stands: boolean
}

export async function proveRevision(laboratory: Laboratory, revision: Revision): Promise<Proof> {
  const { before, problems, notes, stands } = await climb(laboratory, revision)
  if (before === undefined) return { verdict: 'broken', details: problems, stands }
  if (revision.irreversible !== undefined) return { verdict: 'irreversible', details: [`There is no way back: ${revision.irreversible}.`, ...notes], stands }
  if (revision.lossy !== undefined) notes.unshift(`It says that the way back loses data: ${revision.lossy}.`)
  const clean = await returnTrip(laboratory, revision, before, { problems, notes })
  if (!clean) await laboratory.restart()
  if (!laboratory.stands(revision)) await laboratory.run(revision, 'upgrade')
  return { verdict: problems.length > 0 ? 'broken' : revision.lossy === undefined ? 'lossless' : 'lossy', details: [...problems, ...notes], stands }
}

interface Findings {
  readonly problems: string[]
  readonly notes: string[]
}

interface Climb extends Findings {
  /** Undefined when the revision is broken already. */
  readonly before: State | undefined
  readonly stands: boolean
}

/**
 * The first upgrade. Rows that fit the tables as they are need not fit what they become (a column that shall have no
 * nulls any more), and no revision can help that; so where it refuses them, rows that suit both are looked for.
 */
async function climb(laboratory: Laboratory, revision: Revision): Promise<Climb> {
  const { notes, ...before } = await laboratory.filled()
  const refused = await laboratory.run(revision, 'upgrade')
  if (refused === undefined) return { before, problems: [], notes: [...notes], stands: true }

  await laboratory.empty()
  const stuck = revision.irreversible === undefined ? await rowsFromAbove(laboratory, revision) : await ordinaryRows(laboratory, before)
  if (stuck === undefined) {
    const suited = await laboratory.state()
    const again = await laboratory.run(revision, 'upgrade')
    if (again === undefined) return { before: suited, problems: [], notes: [failureText('It was run with rows that suit it and refuses others', refused), ...notes], stands: true }
  }
  if (!laboratory.stands(revision)) {
    await laboratory.empty()
    await laboratory.run(revision, 'upgrade')
  }
  const stands = laboratory.stands(revision)
  const problems = [failureText('The upgrade fails', refused), ...(stands ? ['It can only be run without rows.'] : []), ...(stands && stuck !== undefined ? [failureText('The downgrade fails', stuck)] : [])]
  return { before: undefined, problems, notes: [], stands }
}

/** Rows of the newer schema, brought down to the older one: if any suit both, these do. The failure on the way there. */
async function rowsFromAbove(laboratory: Laboratory, revision: Revision): Promise<RevisionFailure | undefined> {
  const failed = await laboratory.run(revision, 'upgrade')
  if (failed !== undefined) return failed
  await laboratory.addRows((await laboratory.catalogue()).schema)
  return laboratory.run(revision, 'downgrade')
}

/** Where nothing comes down from above: one row in each table, without nulls and edges. */
async function ordinaryRows(laboratory: Laboratory, { catalogue }: State): Promise<undefined> {
  await laboratory.addRows(catalogue.schema, undefined, 1)
}

/** Down and up again. False when the database is not what it should be afterwards. */
async function returnTrip(laboratory: Laboratory, revision: Revision, before: State, { problems, notes }: Findings): Promise<boolean> {
  const after = await laboratory.catalogue()
  const stuck = await laboratory.run(revision, 'downgrade')
  if (stuck !== undefined) {
    problems.push(failureText('The downgrade fails', stuck))
    return true
  }
  const back = await laboratory.state()
  const otherwise = compareCatalogues(before.catalogue, back.catalogue).map((difference) => differenceText('After the downgrade', difference))
  problems.push(...otherwise)
  const found = revision.lossy === undefined ? problems : notes
  found.push(...compareRows(before.rows, back.rows).flatMap(rowTexts))

  const failed = await laboratory.run(revision, 'upgrade')
  if (failed !== undefined) {
    problems.push(failureText('The second upgrade fails', failed))
    return false
  }
  const again = compareCatalogues(after, await laboratory.catalogue()).map((difference) => differenceText('After the second upgrade', difference))
  problems.push(...again)
  if (otherwise.length + again.length > 0) return false
  return withNewTablesFilled(laboratory, revision, before.catalogue, after, problems)
}

/** The way back once more where the revision brings tables that had no rows, now that they have some. */
async function withNewTablesFilled(laboratory: Laboratory, revision: Revision, before: Catalogue, after: Catalogue, problems: string[]): Promise<boolean> {
  const fresh = new Map([...after.schema.tables].filter(([table]) => !before.schema.tables.has(table)))
  const filled = (await laboratory.addRows({ ...after.schema, tables: fresh })).filter(({ added }) => added > 0)
  if (filled.length === 0) return true
  for (const direction of ['downgrade', 'upgrade'] as const) {
    const failed = await laboratory.run(revision, direction)
    if (failed === undefined) continue
    problems.push(failureText(`The ${direction} fails where ${filled.map(({ table }) => `"${table}"`).join(', ')} had rows`, failed))
    return direction === 'downgrade'
  }
  return true
}

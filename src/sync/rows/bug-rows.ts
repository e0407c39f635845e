/** Bugs with their devices and comments as rows. Here the upstream words become outcome, kind, severity and reason. */
import { sql } from 'kysely'
import { bugKind } from '../../model/bug-kind.ts'
import { bugOutcome } from '../../model/bug-outcome.ts'
import { bugSeverity, severityRank } from '../../model/bug-severity.ts'
import { rejectionReason, type RejectReason } from '../../model/rejection-reason.ts'
import type { InsertOf } from '../../model/schema.ts'
import { compareByCodePoint } from '../../storage/collation.ts'
import { idList } from '../../storage/id-list.ts'
import type { WireBug } from '../../testio/wire/bug.ts'
import { bulkWrite } from '../bulk-write.ts'
import type { EntityWriter, SyncRecord } from '../record-writer.ts'

export interface BugRows {
  readonly bug: InsertOf<'bugs'>
  readonly devices: readonly InsertOf<'bug_devices'>[]
  readonly comments: readonly InsertOf<'bug_comments'>[]
}

export interface BugOrigin {
  readonly customerId: number
  readonly productId: number
  readonly testId: number
  /** The snapshots that are stored; a bug of another one belongs to no feature. */
  readonly snapshotIds: ReadonlySet<number>
  readonly rejectReasons: readonly RejectReason[]
}

export function bugRecord(origin: BugOrigin, wire: WireBug): SyncRecord<BugRows> {
  const { customerId, productId, testId } = origin
  const severity = bugSeverity(wire.severity)
  const outcome = bugOutcome(wire.status, wire.autoAccepted)
  const snapshotId = wire.testFeature?.id ?? null
  const comments = new Map(wire.comments.map((comment) => [comment.id, comment]))
  return {
    id: wire.id,
    payload: wire.payload,
    rows: {
      bug: {
        customer_id: customerId,
        id: wire.id,
        test_id: testId,
        product_id: productId,
        test_feature_id: snapshotId !== null && origin.snapshotIds.has(snapshotId) ? snapshotId : null,
        title: wire.title ?? '',
        kind: bugKind(wire.severity),
        severity,
        severity_rank: severityRank(severity),
        outcome,
        status: wire.status ?? 'unknown',
        rejection_reason: rejectionReason(outcome, wire.comments.map((comment) => comment.body), origin.rejectReasons),
        known: wire.known,
        tester: wire.author,
        language: wire.language,
        reported_at: wire.reportedAt,
        exported_at: wire.exportedAt,
        external_id: wire.externalId,
        location: wire.location,
        expected_result: wire.expectedResult,
        actual_result: wire.actualResult,
        steps: wire.steps,
        operating_systems: distinct(wire.devices.map(({ operatingSystem }) => operatingSystem)),
        device_categories: distinct(wire.devices.map(({ category }) => category)),
        browsers: distinct(wire.devices.flatMap(({ browsers }) => browsers)),
      },
      devices: wire.devices.map((device, position) => ({
        customer_id: customerId,
        bug_id: wire.id,
        position,
        category: device.category,
        vendor: device.vendor,
        model: device.model,
        operating_system: device.operatingSystem,
        os_version: device.osVersion,
        browsers: device.browsers,
      })),
      comments: [...comments.values()].map((comment) => ({
        customer_id: customerId,
        id: comment.id,
        bug_id: wire.id,
        author: comment.author,
        created_at: comment.createdAt,
        body: comment.body,
      })),
    },
  }
}

/** Two bugs with the same values have the same list. */
function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted(compareByCodePoint)
}

export const bugWriter: EntityWriter<BugRows> = {
  entity: 'bug',
  async write({ tx, db, customerId }, records, changedIds) {
    if (changedIds.length > 0) {
      const changed = idList(tx.dialect, changedIds)
      await sql`delete from bug_devices where customer_id = ${customerId} and bug_id in ${changed}`.execute(db)
      await sql`delete from bug_comments where customer_id = ${customerId} and bug_id in ${changed}`.execute(db)
    }
    await bulkWrite(tx, 'bugs', records.map(({ rows }) => ({ ...rows.bug, deleted_at: null })), {
      keys: ['customer_id', 'id'], onConflict: 'update', longTexts: ['location', 'expected_result', 'actual_result', 'steps'],
    })
    await bulkWrite(tx, 'bug_devices', records.flatMap(({ rows }) => rows.devices), { keys: ['customer_id', 'bug_id', 'position'], onConflict: 'update' })
    await bulkWrite(tx, 'bug_comments', records.flatMap(({ rows }) => rows.comments), { keys: ['customer_id', 'id'], onConflict: 'update' })
  },
  document: ({ bug }) => ({
    id: bug.id,
    productId: bug.product_id,
    date: bug.reported_at ?? null,
    title: bug.title,
    texts: [...bug.steps, bug.expected_result ?? null, bug.actual_result ?? null],
  }),
}

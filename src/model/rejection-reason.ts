/**
 * Why a bug was rejected. Upstream has no field for it: rejecting leaves the default comment of a reason in a comment,
 * often with "Rejected - " in front and text around it (API reference 5.6, Q17; contracts, section 1).
 * Only reasons of the account count, so the time-outs that the platform rejects by itself, under a key which the API
 * does not list, are `other`.
 */
import type { BugOutcome } from '../repositories/items.ts'

export interface RejectReason {
  readonly key: string
  readonly defaultComment: string
}

/**
 * Null for bugs that are not rejected; `other` when no comment holds the text of a reason. When several do, the
 * longest text wins, since a short one may be part of it, and then the key that comes first: the answer depends
 * neither on the order of the comments nor on that of the reasons.
 */
export function rejectionReason(outcome: BugOutcome, comments: readonly string[], reasons: readonly RejectReason[]): string | null {
  if (outcome !== 'rejected') return null
  const texts = comments.map(comparable)
  let best: { readonly key: string; readonly text: string } | undefined
  for (const { key, defaultComment } of reasons) {
    const text = comparable(defaultComment).replace(/^rejected[-–—](?=.)/u, '')
    if (text === '' || !texts.some((comment) => comment.includes(text))) continue
    if (best === undefined || text.length > best.text.length || (text.length === best.text.length && key < best.key)) best = { key, text }
  }
  return best?.key ?? 'other'
}

function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, '')
}

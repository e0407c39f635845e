/**
 * What is said about a bug. A rejection leaves its reason in a comment and nowhere else: word for word, with a prefix,
 * in other letters, with other white space, inside a longer text, or rewritten by hand so that no reason can be read.
 */
import { HOUR, iso, msOf } from '../instant.ts'
import { itemAt, randomFor, type Random } from '../random.ts'
import type { CommentTruth, Outcome } from '../truth.ts'
import { HOSTILE_TEXTS } from '../words/hostile.ts'
import { TEAM_LEADERS } from '../words/people.ts'
import { CHAT_LINES, HAND_WRITTEN_REJECTIONS, REJECT_REASONS, REQUEST_TIMEOUT_COMMENT, THANKS_AFTER, THANKS_BEFORE } from '../words/reasons.ts'

export interface CommentSubject {
  readonly id: number
  readonly ordinal: number
  readonly tester: string
  readonly customer: string
  readonly outcome: Outcome
  /** A key of the reject reasons, `request_timeout`, `by_hand` or `silent`; null when not rejected. */
  readonly rejectedFor: string | null
  readonly reportedAt: string
}

/** Comment ids pass 2^31 early on: ids of the platform are not small numbers. */
const FIRST_COMMENT_ID = 2_147_480_000 - 2_260_000 * 16

export function bugComments(seed: number, now: number, subject: CommentSubject): CommentTruth[] {
  const random = randomFor(seed, 'comments', subject.id)
  const chat = random.chance(0.45) ? 0 : random.int(1, 3)
  const bodies: [author: string, body: string][] = []
  for (let i = 0; i < chat; i++) {
    const author = random.weighted({ tester: 4, leader: 3, customer: 3 })
    bodies.push([author === 'tester' ? subject.tester : author === 'leader' ? random.pick(TEAM_LEADERS) : subject.customer, random.pick(CHAT_LINES)])
  }
  if (subject.ordinal % 40 === 33) bodies.push([subject.tester, itemAt(HOSTILE_TEXTS, Math.floor(subject.ordinal / 40) * 2 + 1)])
  if (subject.rejectedFor === null) {
    // A reason that is talked about is no rejection.
    if (subject.ordinal % 50 === 11) bodies.push([subject.customer, itemAt(REJECT_REASONS, subject.ordinal).defaultComment])
  } else if (subject.rejectedFor !== 'silent') {
    bodies.push([subject.rejectedFor === 'request_timeout' ? 'System' : subject.customer, rejectionText(random, subject.rejectedFor)])
  } else {
    bodies.length = 0
  }
  const born = msOf(subject.reportedAt)
  return bodies.map(([author, body], index) => ({
    id: commentId(subject.id, index),
    author,
    createdAt: subject.ordinal % 15 === 2 && index === 0 ? null : iso(Math.min(now, born + (index * 20 + random.int(1, 15)) * HOUR)),
    body,
  }))
}

export function commentId(bugId: number, index: number): number {
  return FIRST_COMMENT_ID + bugId * 16 + index
}

/** The text that a rejection with this reason leaves. */
function rejectionText(random: Random, rejectedFor: string): string {
  if (rejectedFor === 'request_timeout') return REQUEST_TIMEOUT_COMMENT
  const reason = REJECT_REASONS.find((one) => one.key === rejectedFor)
  if (reason === undefined) return random.pick(HAND_WRITTEN_REJECTIONS)
  const text = reason.defaultComment
  switch (random.weighted({ exact: 35, prefix: 20, letters: 12, spaces: 12, around: 16, all: 5 })) {
    case 'prefix': return `Rejected - ${text}`
    case 'letters': return random.chance(0.5) ? text.toUpperCase() : text.toLowerCase()
    case 'spaces': return `  ${text.split(' ').join(random.pick(['  ', '\n', '\t ', '\u00A0']))} `
    case 'around': return `${random.pick(THANKS_BEFORE)}${text}${random.pick(THANKS_AFTER)}`
    case 'all': return `rejected -  ${random.pick(THANKS_BEFORE)}${text.toUpperCase().split(' ').join('  ')}${random.pick(THANKS_AFTER)}`
    default: return text
  }
}

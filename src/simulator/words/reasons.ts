/** Reject reasons of the account, and what people write around or instead of them. Data only. */
import type { RejectReasonTruth } from '../truth.ts'

/** As `GET /bugs/reject_reasons` lists them. No default comment is contained in another. */
export const REJECT_REASONS: readonly RejectReasonTruth[] = [
  { key: 'device_not_relevant', name: 'Device not relevant', defaultComment: 'The device is not relevant for this product.' },
  { key: 'ignored_instructions', name: 'Instructions ignored', defaultComment: 'The test instructions were not followed.' },
  { key: 'intended_behavior', name: 'Intended behavior', defaultComment: 'The behavior described here is intentional.' },
  { key: 'irrelevant', name: 'Irrelevant', defaultComment: 'This is not relevant and will not be fixed.' },
  { key: 'known_bug', name: 'Known bug', defaultComment: 'This is a legit bug but already known to us.' },
  { key: 'not_reproducible', name: 'Not reproducible', defaultComment: 'It was not possible to reproduce this with the given information.' },
]

/** The platform's own rejection, after a tester let a question pass; its key is not in the list of the API. */
export const REQUEST_TIMEOUT_COMMENT = 'This bug was rejected automatically, because the request for information was not answered within 24 hours.'

/** Written by hand in place of a default comment: no reason can be read from these. */
export const HAND_WRITTEN_REJECTIONS: readonly string[] = [
  'Rejected - we talked about this in the call on Tuesday.',
  'Sorry, we cannot use this one 🙏',
  'Das ist so gewollt, bitte nicht mehr melden.',
  'not relevnt, wont fix',
  'Rejected - see LB-204',
  'Works for me.',
  'Doppelt gemeldet, siehe die Meldung von gestern.',
]

export const THANKS_BEFORE: readonly string[] = ['Hi, thanks for the report. ', 'Hallo, danke für die Meldung! ', '> quoted: what about this?\n\n', 'Our developers had a look: ']
export const THANKS_AFTER: readonly string[] = [' Kind regards, the product team', ' (see our wiki)', '\n\n-- \nSent from my phone', ' Viele Grüße']

export const CHAT_LINES: readonly string[] = [
  'Could you add a screencast, please?',
  'Added the video, sorry for the delay.',
  'Which account did you use?',
  'The one from the instructions, with two items in it.',
  'I can confirm this on my phone as well.',
  'Does it also happen in a private window?',
  'Yes, every time. Three out of three tries.',
  'Thanks, forwarded to the developers.',
  'We will look at it in the next sprint.',
  'Kannst du bitte die Version der App dazuschreiben?',
  'Version 7.4.1, aus dem Store geladen.',
  'Fixed in the build of today, please have a look again. 👍',
  'Is this the same as the one reported for the *checkout*?',
  'Please follow the instructions next time <3',
]

/**
 * What a bug says: title, steps, results, report rows. Made from the seed and the id alone, whenever it is asked for,
 * so that a big account does not hold its texts in memory.
 */
import { itemAt, randomFor, type Random } from '../random.ts'
import type { ReportRowTruth } from '../truth.ts'
import { ENGLISH } from '../words/bugs-en.ts'
import { GERMAN } from '../words/bugs-de.ts'
import { COMMON_FEATURES, DOMAIN_FEATURES, type FeatureWords } from '../words/features.ts'
import { HOSTILE_TEXTS, VERY_LONG_TEXT } from '../words/hostile.ts'
import { fill } from '../words/phrases.ts'

/** What the texts depend on. */
export interface BugSubject {
  readonly id: number
  /** Place in the order of reporting; rare things return at a fixed distance, so that every account has them. */
  readonly ordinal: number
  readonly kind: string
  readonly severity: string | null
  readonly language: string
  readonly productName: string
  readonly featureTitle: string | null
}

export interface BugTexts {
  readonly title: string
  readonly location: string | null
  readonly expectedResult: string | null
  readonly actualResult: string | null
  readonly steps: readonly string[]
  readonly report: readonly ReportRowTruth[] | null
}

const WORDS_BY_TITLE: ReadonlyMap<string, FeatureWords> = new Map(
  [...COMMON_FEATURES, ...Object.values(DOMAIN_FEATURES).flat()].map((words) => [words.title, words]),
)

export function bugTexts(seed: number, subject: BugSubject): BugTexts {
  const random = randomFor(seed, 'bug-texts', subject.id)
  const phrases = subject.language === 'de' ? GERMAN : ENGLISH
  const feature = WORDS_BY_TITLE.get(subject.featureTitle?.replace(' (beta)', '') ?? '') ?? random.pick(COMMON_FEATURES)
  const words = {
    product: subject.productName,
    feature: feature.title,
    place: feature.place,
    thing: random.pick(feature.things),
    action: random.pick(feature.actions),
    symptom: random.pick(phrases.symptoms[symptomGroup(subject)]),
    condition: random.pick(phrases.conditions),
  }
  const say = (list: readonly string[]) => fill(random.pick(list), words)
  const title = subject.ordinal % 40 === 6 ? itemAt(HOSTILE_TEXTS, Math.floor(subject.ordinal / 40)) : fill('{thing} {symptom} {condition}', words)
  const page = `https://www.${slug(subject.productName)}.example/${slug(feature.title)}?ref=${random.int(100, 99_999)}`
  const location = random.chance(0.4) ? null : random.chance(0.7) ? page : feature.place
  if (subject.kind === 'custom') {
    return { title, location: null, expectedResult: null, actualResult: null, steps: [], report: reportRows(random, words) }
  }
  const lines = [itemAt(phrases.actual, 0), ...random.sample(phrases.actual.slice(1), random.int(2, 5))]
  const actual = lines.map((line) => fill(line, words)).join(' ')
  return {
    title,
    location,
    expectedResult: random.chance(0.08) ? null : `${say(phrases.expected)} ${say(phrases.expected)}`,
    actualResult: subject.ordinal === 77 ? VERY_LONG_TEXT
      : subject.ordinal % 40 === 26 ? `${itemAt(HOSTILE_TEXTS, Math.floor(subject.ordinal / 40) + 10)}\n\n${actual}`
        : random.chance(0.05) ? null : actual,
    steps: subject.severity === null ? [] : steps(random, subject, phrases, say),
    report: null,
  }
}

function symptomGroup(subject: BugSubject): keyof typeof ENGLISH.symptoms {
  switch (subject.kind) {
    case 'functional': return (subject.severity ?? 'low') as 'low' | 'high' | 'critical'
    case 'visual': case 'content': case 'custom': return subject.kind
    default: return 'other'
  }
}

/** Now and then everything stands in one line; otherwise a list. */
function steps(random: Random, subject: BugSubject, phrases: typeof ENGLISH, say: (list: readonly string[]) => string): string[] {
  const opening = say(phrases.openings)
  if (subject.ordinal % 16 === 9) return [`${opening} and ${say(phrases.lookings)}`]
  if (random.chance(0.02)) return []
  return [opening, ...random.sample(phrases.steps, random.int(3, 7)).map((step) => say([step])), say(phrases.lookings)]
}

function reportRows(random: Random, words: Readonly<Record<string, string>>): ReportRowTruth[] {
  const rows: [key: string, name: string, type: string, value: string][] = [
    ['issue_type', 'Issue type', 'select', random.pick(['Missing name', 'Contrast', 'Keyboard', 'Structure', 'Focus'])],
    ['severity', 'Severity', 'select', random.pick(['Minor', 'Moderate', 'Serious', 'Critical'])],
    ['wcag_checkpoints', 'WCAG checkpoints', 'text', random.pick(['1.1.1', '1.4.3', '2.1.1', '2.4.7', '4.1.2'])],
    ['assistive_technology', 'Assistive technology', 'select', random.pick(['VoiceOver', 'TalkBack', 'NVDA', 'Keyboard only'])],
    ['page', 'Page', 'text', words['feature'] ?? ''],
    ['steps_to_reproduce', 'Steps to reproduce', 'text', fill('Turn the screen reader on, go to {feature} ({place}) and move to the {thing}', words)],
    ['actual_result', 'Actual result', 'text', fill('The {thing} {symptom}', words)],
    ['expected_result', 'Expected result', 'text', fill('A person can {action} without seeing the screen', words)],
    ['recommendations', 'Recommendations', 'text', 'Use a native element, or give the element a role and a name'],
    ['html_code_snippet', 'HTML code snippet', 'text', `<div class="btn" onclick="go(${random.int(1, 99)})"><svg></svg></div>`],
    ['affected_users', 'Affected users', 'select', random.pick(['Blind', 'Low vision', 'Motor', 'Cognitive'])],
    ['frequency', 'Frequency', 'select', random.pick(['Always', 'Often', 'Once'])],
  ]
  return rows.map(([key, name, type, value], index) => ({ key, name, type, value, position: index + 1 }))
}

function slug(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
}

/** Tests as the API writes them: full rows, sparse drafts, and on the single read the results per feature and story. */
import type { Account } from '../account.ts'
import { hasCustomReports } from '../generate/tests.ts'
import type { TestFeatureTruth, TestTruth, UserStoryTruth } from '../truth.ts'
import { environmentWire } from './environment.ts'
import { requirementWire } from './device.ts'
import { storyVersion } from './execution.ts'
import { featureBehind } from './feature.ts'
import { scheduleDate } from './instants.ts'
import { productInTestWire, sectionShortWire, sectionWire } from './product.ts'

export interface TestWireOptions {
  /** `includes[]=user_stories` */
  readonly expandStories: boolean
}

export function testWire(account: Account, test: TestTruth, options: TestWireOptions) {
  const product = account.products.get(test.productId)
  if (product === undefined) throw new RangeError(`Cannot write test ${test.id}: its product is gone`)
  // The implicit section is named, or left out.
  const section = test.sectionId === null && test.id % 4 === 1 ? undefined : account.sections.get(test.sectionId ?? product.defaultSectionId)
  const environment = test.environment === null ? undefined : account.environments.get(test.environment.id)
  const sparse = isSparse(test)
  return {
    id: test.id,
    test_title: test.title,
    ...(test.id % 43 === 6 ? {} : { title: test.title }),
    status: test.status,
    review_status: test.reviewStatus,
    testing_type: test.testingType,
    demo: test.isDemo,
    test_environment: environment === undefined ? null : environmentWire(environment),
    features: test.features.map((snapshot) => snapshotWire(account, test, snapshot, options)),
    goal: test.goal,
    ...textTwin('goal_text', test.goal, test.goalText),
    out_of_scope: test.outOfScope,
    ...textTwin('out_of_scope_text', test.outOfScope, test.outOfScopeText),
    instructions: test.instructions,
    ...textTwin('instructions_text', test.instructions, test.instructionsText),
    attachments: sparse || test.id % 5 !== 0 ? [] : [attachmentWire(test)],
    requirements: test.platforms.map((platform, index) => requirementWire(platform, 400_000 + test.id * 8 + index)),
    report_language: test.reportLanguage,
    section: section === undefined ? null : sparse ? sectionShortWire(section) : sectionWire(account, product, section),
    product: sparse ? { id: product.id, name: product.name } : productInTestWire(account, product),
    enable_low: test.enableLow,
    enable_high: test.enableHigh,
    enable_critical: test.enableCritical,
    ...(sparse ? {} : { allow_device_clouds_test_scenario: test.id % 2 === 0 }),
    created_by: test.createdBy,
    submitted_by: test.submittedBy,
    start_at: scheduleDate(test.startAt, test.id),
    end_at: scheduleDate(test.endAt, test.id),
    allowed_bug_types: test.allowedBugTypes,
    reviews: test.reviewStatus === null || test.startAt === null ? [] : [reviewWire(test.startAt, test.id)],
    ...(test.id % 19 === 0 ? { app_sections: [] } : {}),
  }
}

/** A user story inside a test, with `includes[]=user_stories`. */
export function storyInTestWire(snapshot: TestFeatureTruth, story: UserStoryTruth & { readonly id: number }) {
  return { id: story.id, path: story.title, title: story.title, feature_id: snapshot.featureId, user_story_version_id: storyVersion(story.id) }
}

const ACCESSIBILITY_REPORT = {
  id: 12,
  title: 'Accessibility report',
  keys: [{ value: 'issue_type', label: 'Issue type' }, { value: 'severity', label: 'Severity' }],
}

function attachmentWire(test: TestTruth) {
  return {
    id: 870_000 + test.id,
    url: `https://files.example/test/${test.id}.pdf`,
    thumbnail_urls: {},
    content_type: 'application/pdf',
    original_filename: 'concept.pdf',
  }
}

function reviewWire(startAt: string, variant: number) {
  return {
    status: 'successful',
    instruction_comment: null,
    test_environment_comment: null,
    feature_comment: null,
    bug_type_comment: null,
    reviewed_at: scheduleDate(startAt, variant + 1),
  }
}

/** Drafts may come as short rows. */
function isSparse(test: TestTruth): boolean {
  return test.status === 'initialized' && test.startAt === null
}

/** The plain text beside the Markdown: there, null, or left out. */
function textTwin(key: string, source: string | null, plain: string | null): Record<string, string | null> {
  if (plain !== null) return { [key]: plain }
  return source === null ? { [key]: null } : {}
}

function snapshotWire(account: Account, test: TestTruth, snapshot: TestFeatureTruth, options: TestWireOptions) {
  const behind = featureBehind(account, snapshot.featureId)
  const place = behind?.howToFind ?? null
  return {
    id: snapshot.id,
    ...(snapshot.featureId === null ? {} : { feature_id: snapshot.featureId }),
    title: snapshot.title,
    description: behind?.description ?? null,
    location: place,
    howtofind: place,
    target_idx: snapshot.id % 12 === 5 ? `LB-${snapshot.id % 997}` : null,
    enable_default: true,
    enable_content: test.allowedBugTypes.includes('content') ? true : snapshot.id % 2 === 0 ? false : null,
    enable_visual: test.allowedBugTypes.includes('visual') ? true : snapshot.id % 2 === 0 ? null : false,
    custom_report_configurations: hasCustomReports(test.id) ? [ACCESSIBILITY_REPORT] : [],
    user_stories: storiesWire(account, snapshot, options.expandStories),
  }
}

function storiesWire(account: Account, snapshot: TestFeatureTruth, expand: boolean) {
  const stories = featureBehind(account, snapshot.featureId)?.userStories ?? []
  if (stories.length === 0) return snapshot.id % 4 === 1 ? null : []
  return stories.map(({ id, title }) => (expand && id !== null ? storyInTestWire(snapshot, { id, title }) : title))
}

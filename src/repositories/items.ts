/** The shapes that lists and summaries give out. The same fields, in snake_case, are the JSON of the command line and of MCP. */
import type { Freshness } from './freshness.ts'
import type { ListOptions } from './list.ts'

/** What became of a bug; `auto_accepted`: nobody reviewed it in time. */
export type BugOutcome = 'open' | 'accepted' | 'auto_accepted' | 'rejected' | 'other'
/** How bad a functional bug is. */
export type BugSeverity = 'low' | 'high' | 'critical'
/** `tester`: reported bugs. `customer`: set tests up. */
export type UserRole = 'tester' | 'customer'

/** Bugs by what became of them; the parts add up to `total`. */
export interface OutcomeCounts {
  readonly total: number
  readonly open: number
  readonly accepted: number
  readonly autoAccepted: number
  readonly rejected: number
  readonly other: number
}

/** Unrounded fractions from 0 to 1; null when the divisor is 0. Formulas: contracts, section 2. */
export interface BugRates {
  readonly overallAcceptanceRate: number | null
  readonly activeAcceptanceRate: number | null
  readonly autoAcceptanceRate: number | null
  readonly rejectionRate: number | null
  readonly reviewRate: number | null
}

/** Functional bugs by severity. */
export interface SeverityCounts {
  readonly critical: number
  readonly high: number
  readonly low: number
}

interface Deletable {
  /** When it was found to be gone upstream; null while it is there. Only with `includeDeleted`. */
  readonly deletedAt?: string | null | undefined
}

/** A product in a list. */
export interface ProductItem extends Deletable {
  readonly id: number
  readonly name: string
  readonly type: string | null
  readonly description: string | null
  readonly testCount: number
  readonly bugCount: number
  readonly featureCount: number
  /** Executed tests whose end lies in the 30 days up to now. */
  readonly testsLast30Days: number
  readonly testsLast90Days: number
  readonly lastTestEndAt: string | null
}

/** A test in a list. Instants are UTC ISO-8601. */
export interface TestItem extends Deletable {
  readonly id: number
  readonly productId: number
  readonly title: string
  readonly status: string
  readonly testingType: string | null
  readonly reviewStatus: string | null
  readonly startAt: string | null
  readonly endAt: string | null
  readonly createdBy: string | null
  readonly submittedBy: string | null
  readonly environment: { readonly id: number | null; readonly title: string | null } | null
  /** Only with `includeBugCounts`. */
  readonly bugs?: OutcomeCounts | undefined
}

/** A bug in a list. */
export interface BugItem extends Deletable {
  readonly id: number
  readonly testId: number
  readonly productId: number
  /** The catalogue feature of the snapshot it was reported on. */
  readonly featureId: number | null
  readonly title: string
  readonly kind: string
  readonly severity: BugSeverity | null
  readonly outcome: BugOutcome
  readonly rejectionReason: string | null
  readonly known: boolean
  readonly tester: string | null
  readonly reportedAt: string | null
}

/** A feature of the catalogue in a list. */
export interface FeatureItem extends Deletable {
  readonly id: number
  readonly productId: number
  readonly title: string
  readonly userStoryCount: number
  /** Tests that snapshot the feature. */
  readonly testCount: number
  readonly bugCount: number
}

/** A person in a list. */
export interface UserItem {
  readonly id: number
  readonly name: string
  readonly role: UserRole
  readonly firstSeen: string | null
  readonly lastActiveAt: string | null
  /** Bugs reported (tester) or 0. */
  readonly bugCount: number
  /** Tests reported in (tester) or set up (customer). */
  readonly testCount: number
}

/** What a page about something with bugs says of them. */
export interface BugFigures {
  readonly bugs: OutcomeCounts
  readonly rates: BugRates
  /** Those of them that are marked as known. */
  readonly knownBugCount: number
  readonly bugsBySeverity: SeverityCounts
  /** Most frequent first, ties by name; so are the platforms. */
  readonly bugsByKind: readonly { readonly kind: string; readonly count: number }[]
  /** Each bug once per operating system of its own devices; null for bugs without devices. */
  readonly bugsByPlatform: readonly { readonly platform: string | null; readonly count: number }[]
  /** Up to three. */
  readonly newestBugs: readonly BugItem[]
}

/** The page about one test. */
export interface TestSummary extends TestItem, BugFigures {
  readonly bugs: OutcomeCounts
  readonly product: { readonly id: number; readonly name: string }
  readonly section: { readonly id: number; readonly name: string } | null
  readonly goal: string | null
  readonly outOfScope: string | null
  readonly instructions: string | null
  readonly reportLanguage: string | null
  /** For example `Windows 10+`, `iOS 16–18 (Smartphones)`. */
  readonly requirements: readonly string[]
  /** Which severities testers were asked to report; null where upstream does not say. */
  readonly reportable: { readonly low: boolean | null; readonly high: boolean | null; readonly critical: boolean | null }
  readonly features: readonly { readonly id: number | null; readonly title: string; readonly bugCount: number }[]
  readonly freshness: Freshness
}

/** The page about one bug. */
export interface BugSummary extends BugItem {
  readonly status: string
  /** The reject reason as people read it; null for bugs that are not rejected and for `other`. */
  readonly rejectionReasonName: string | null
  readonly test: { readonly id: number; readonly title: string }
  readonly product: { readonly id: number; readonly name: string }
  readonly feature: { readonly id: number | null; readonly title: string } | null
  readonly language: string | null
  readonly location: string | null
  readonly steps: readonly string[]
  readonly expectedResult: string | null
  readonly actualResult: string | null
  readonly externalId: string | null
  readonly exportedAt: string | null
  readonly devices: readonly {
    readonly category: string | null
    readonly vendor: string | null
    readonly model: string | null
    readonly operatingSystem: string | null
    readonly osVersion: string | null
    readonly browsers: readonly string[]
  }[]
  readonly comments: readonly { readonly id: number; readonly author: string | null; readonly createdAt: string | null; readonly body: string }[]
  readonly freshness: Freshness
}

/** The page about one product. */
export interface ProductSummary extends ProductItem, BugFigures {
  readonly sections: readonly { readonly id: number; readonly name: string; readonly isDefault: boolean }[]
  /** Most frequent first. */
  readonly testsByStatus: readonly { readonly status: string; readonly count: number }[]
  /** Up to three. */
  readonly newestTests: readonly TestItem[]
  readonly freshness: Freshness
}

/** The page about one feature. */
export interface FeatureSummary extends FeatureItem, BugFigures {
  readonly product: { readonly id: number; readonly name: string }
  readonly description: string | null
  readonly howToFind: string | null
  readonly userStories: readonly string[]
  readonly sections: readonly { readonly id: number; readonly name: string }[]
  /** Up to three that snapshot it. */
  readonly newestTests: readonly TestItem[]
  readonly freshness: Freshness
}

/** The bugs are those that a tester reported; a customer user has none. */
export interface UserSummary extends UserItem, BugFigures {
  /** Tests that a customer user created, and those that they handed in; 0 for testers. */
  readonly testsCreated: number
  readonly testsSubmitted: number
  /** Up to three that they reported in or set up. */
  readonly newestTests: readonly TestItem[]
  readonly freshness: Freshness
}

/** What products can be sorted by. Default `name`. */
export type ProductSort = 'name' | 'id' | 'test_count' | 'bug_count' | 'feature_count' | 'last_test_end_at'
/** What tests can be sorted by. Default `end_at`, the latest first. */
export type TestSort = 'end_at' | 'start_at' | 'title' | 'status' | 'id'
/** What bugs can be sorted by. Default `reported_at`, the latest first. */
export type BugSort = 'reported_at' | 'severity' | 'title' | 'id'
/** What features can be sorted by. Default `title`. */
export type FeatureSort = 'title' | 'id' | 'test_count' | 'bug_count' | 'user_story_count'
/** What people can be sorted by. Default `name`. */
export type UserSort = 'name' | 'id' | 'last_active_at' | 'first_seen' | 'bug_count' | 'test_count'

/** Filters of the list of products. */
export interface ProductListOptions extends ListOptions<ProductSort> {
  /** Part of the name or description, in any case. */
  readonly search?: string | undefined
  readonly types?: readonly string[] | undefined
}

/** Filters of the list of tests. */
export interface TestListOptions extends ListOptions<TestSort> {
  readonly productIds?: readonly number[] | undefined
  readonly statuses?: readonly string[] | undefined
  readonly testingTypes?: readonly string[] | undefined
  /** A time phrase, see contracts section 1; spans set both ends. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly dateField?: 'end_at' | 'start_at' | undefined
  readonly includeBugCounts?: boolean | undefined
  readonly search?: string | undefined
}

/** Filters of the list of bugs. */
export interface BugListOptions extends ListOptions<BugSort> {
  readonly testIds?: readonly number[] | undefined
  readonly productIds?: readonly number[] | undefined
  readonly featureIds?: readonly number[] | undefined
  readonly outcomes?: readonly BugOutcome[] | undefined
  readonly severities?: readonly BugSeverity[] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly rejectionReasons?: readonly string[] | undefined
  readonly testers?: readonly string[] | undefined
  readonly known?: boolean | undefined
  /** Operating systems of the bug's own devices. */
  readonly platforms?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Filters of the list of features. */
export interface FeatureListOptions extends ListOptions<FeatureSort> {
  readonly productIds?: readonly number[] | undefined
  readonly hasUserStories?: boolean | undefined
  readonly search?: string | undefined
}

/** Filters of the list of people. */
export interface UserListOptions extends ListOptions<UserSort> {
  readonly role?: UserRole | undefined
  /** A time phrase. */
  readonly activeSince?: string | undefined
  readonly search?: string | undefined
}

/**
 * What is true in a simulated account, as plain normalised values: what a perfect copy of it would hold. The generator
 * decides these first and the wire form is derived from them; nothing here is computed by the code that a copy is made with.
 * Instants are UTC ISO texts with milliseconds. Blank texts are null. Entities are never changed in place.
 */

/** All that is true in an account. */
export interface AccountTruth {
  /** The company behind the account; it is in descriptions only. */
  readonly customerName: string
  /** The moment up to which the account has lived. */
  readonly now: string
  readonly products: readonly ProductTruth[]
  readonly sections: readonly SectionTruth[]
  /** The catalogue: features that were removed are not in it, though tests may still name them. */
  readonly features: readonly FeatureTruth[]
  readonly environments: readonly EnvironmentTruth[]
  readonly tests: readonly TestTruth[]
  readonly bugs: readonly BugTruth[]
  readonly rejectReasons: readonly RejectReasonTruth[]
  /** Testers with at least one bug; customers who created or submitted at least one test. By role, then name. */
  readonly users: readonly UserTruth[]
  /** Marks inside every credential of every environment. None of them may be found in a copy, a log or an answer. */
  readonly secrets: readonly string[]
}

/** A product, with how the API shows its sections. */
export interface ProductTruth {
  readonly id: number
  readonly name: string
  /** Null where the API leaves the key out. */
  readonly type: string | null
  readonly description: string | null
  readonly defaultSectionId: number
  /** `none`: only the implicit section. `listed`: real sections. `with_default_only`: they stand under `sections_with_default` alone. */
  readonly sectionStyle: 'none' | 'listed' | 'with_default_only'
}

/** A section of a product. */
export interface SectionTruth {
  readonly id: number
  readonly productId: number
  readonly name: string
  readonly isDefault: boolean
}

/** A feature of the catalogue. */
export interface FeatureTruth {
  readonly id: number
  readonly productId: number
  readonly title: string
  readonly description: string | null
  readonly howToFind: string | null
  /** The sections under which the API lists it, ascending; [] in products that do not use sections. */
  readonly sectionIds: readonly number[]
  readonly userStories: readonly UserStoryTruth[]
}

/** A user story of a feature. */
export interface UserStoryTruth {
  /** Null where the API sends only the text. */
  readonly id: number | null
  readonly title: string
}

/** A test environment of a product, without its credentials. */
export interface EnvironmentTruth {
  readonly id: number
  readonly productId: number
  readonly title: string
}

/** A test, with what it was made with: platforms and snapshots of features. */
export interface TestTruth {
  readonly id: number
  readonly productId: number
  /** Null in the implicit default section. */
  readonly sectionId: number | null
  readonly title: string
  readonly status: string
  readonly testingType: string
  readonly reviewStatus: string | null
  readonly startAt: string | null
  readonly endAt: string | null
  readonly createdBy: string | null
  readonly submittedBy: string | null
  readonly environment: { readonly id: number; readonly title: string } | null
  readonly reportLanguage: string
  readonly isDemo: boolean
  /** As the API says it; null where it says null. */
  readonly enableLow: boolean | null
  readonly enableHigh: boolean | null
  readonly enableCritical: boolean | null
  readonly allowedBugTypes: readonly string[]
  /** Markdown source, and beside it the plain text that the API sends; the plain one is null where the key is left out. */
  readonly goal: string | null
  readonly goalText: string | null
  readonly outOfScope: string | null
  readonly outOfScopeText: string | null
  readonly instructions: string | null
  readonly instructionsText: string | null
  /** One per requirement, in the order of the API. */
  readonly platforms: readonly PlatformTruth[]
  readonly features: readonly TestFeatureTruth[]
}

/** A requirement of a test: the devices that it asks for. */
export interface PlatformTruth {
  readonly category: string
  readonly operatingSystem: string | null
  readonly minVersion: string | null
  readonly maxVersion: string | null
  readonly browsers: readonly string[]
}

/** A feature as a test snapshots it. */
export interface TestFeatureTruth {
  /** Id of the snapshot. */
  readonly id: number
  /** Id in the catalogue, where it may be gone; null on some old tests. */
  readonly featureId: number | null
  /** As it was when the test was made. */
  readonly title: string
}

/** What became of a bug; `other` for a status that the API may yet bring. */
export type Outcome = 'open' | 'accepted' | 'auto_accepted' | 'rejected' | 'other'
/** Of functional bugs. */
export type Severity = 'low' | 'high' | 'critical'

/** The texts (title, location, results, steps, comments, report) are made when they are read: spreading a bug leaves them out. */
export interface BugTruth {
  readonly id: number
  readonly testId: number
  readonly productId: number
  /** The snapshot it was reported on. */
  readonly testFeatureId: number | null
  /** The catalogue feature of that snapshot. */
  readonly featureId: number | null
  readonly title: string
  /** `functional`, `visual`, `content`, `custom`, … */
  readonly kind: string
  readonly severity: Severity | null
  readonly outcome: Outcome
  /** The word of the API behind the outcome. */
  readonly status: string
  /** A key of the reject reasons, or `other`; null when not rejected. */
  readonly rejectionReason: string | null
  readonly known: boolean
  readonly tester: string
  readonly language: string
  readonly reportedAt: string
  readonly exportedAt: string | null
  readonly externalId: string | null
  /** Null in the implicit default section. */
  readonly sectionId: number | null
  readonly location: string | null
  readonly expectedResult: string | null
  readonly actualResult: string | null
  readonly steps: readonly string[]
  readonly devices: readonly DeviceTruth[]
  readonly comments: readonly CommentTruth[]
  /** The rows of a custom report; null for the other kinds. */
  readonly report: readonly ReportRowTruth[] | null
}

/** A device that a bug was found on. */
export interface DeviceTruth {
  readonly category: string
  readonly vendor: string
  readonly model: string
  readonly operatingSystem: string
  readonly osVersion: string
  readonly browsers: readonly string[]
}

/** A comment on a bug. */
export interface CommentTruth {
  readonly id: number
  readonly author: string
  /** Null where the API leaves the key out. */
  readonly createdAt: string | null
  readonly body: string
}

/** A row of a custom report. */
export interface ReportRowTruth {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly value: string
  readonly position: number
}

/** A reason for which bugs of the account are rejected. */
export interface RejectReasonTruth {
  readonly key: string
  readonly name: string
  readonly defaultComment: string
}

/** Somebody who is known by name only. */
export interface UserTruth {
  readonly role: 'tester' | 'customer'
  readonly name: string
}

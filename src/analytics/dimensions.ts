/** All dimensions. A new one is a file beside the others, and its name here. */
import type { Dimension } from './dimension.ts'
import { browser } from './dimensions/browser.ts'
import { createdBy } from './dimensions/created-by.ts'
import { day } from './dimensions/day.ts'
import { deviceCategory } from './dimensions/device-category.ts'
import { feature } from './dimensions/feature.ts'
import { kind } from './dimensions/kind.ts'
import { known } from './dimensions/known.ts'
import { language } from './dimensions/language.ts'
import { month } from './dimensions/month.ts'
import { outcome } from './dimensions/outcome.ts'
import { platform } from './dimensions/platform.ts'
import { product } from './dimensions/product.ts'
import { quarter } from './dimensions/quarter.ts'
import { rejectionReason } from './dimensions/rejection-reason.ts'
import { requiredPlatform } from './dimensions/required-platform.ts'
import { section } from './dimensions/section.ts'
import { severity } from './dimensions/severity.ts'
import { test } from './dimensions/test.ts'
import { testEnvironment } from './dimensions/test-environment.ts'
import { testStatus } from './dimensions/test-status.ts'
import { tester } from './dimensions/tester.ts'
import { testingType } from './dimensions/testing-type.ts'
import { week } from './dimensions/week.ts'
import { year } from './dimensions/year.ts'

const all = [
  product, test, section, testStatus, testingType, createdBy, testEnvironment, day, week, month, quarter, year, requiredPlatform, feature,
  severity, kind, outcome, tester, rejectionReason, known, language, platform, browser, deviceCategory,
] as const

/** The name of a dimension in questions and answers. */
export type DimensionKey = (typeof all)[number]['key']

/** In the order of the capabilities. */
export const dimensions: readonly (Dimension & { readonly key: DimensionKey })[] = all
export const dimensionKeys: readonly DimensionKey[] = all.map(({ key }) => key)

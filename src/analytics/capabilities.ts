/** What can be asked, told from the registries. */
import { timePhraseExamples } from '../time/phrase.ts'
import { idKeyOf, isBugLevel, isMany } from './dimension.ts'
import { dimensionKeys, dimensions } from './dimensions.ts'
import { idFilters } from './id-filters.ts'
import { limits } from './limits.ts'
import { metrics } from './metrics.ts'
import type { AnalyticsCapabilities } from './question.ts'

export function analyticsCapabilities(): AnalyticsCapabilities {
  return {
    dimensions: dimensions.map((dimension) => ({
      key: dimension.key,
      level: isBugLevel(dimension) ? 'bug' : dimension.onBugs === undefined ? 'test' : 'test and bug',
      many: isMany(dimension),
      type: dimension.valueType,
      idKey: idKeyOf(dimension),
      values: dimension.values ?? null,
      meaning: dimension.meaning,
      example: dimension.example,
    })),
    metrics: metrics.map(({ key, kind, meaning, example }) => ({ key, type: kind, meaning, example })),
    filters: [...dimensionKeys, ...idFilters.map(({ key }) => key)],
    limits,
    timePhrases: timePhraseExamples,
  }
}

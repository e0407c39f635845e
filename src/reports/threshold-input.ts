/** What thresholds may be given as, wherever they are given: with one report, when a copy is opened, in a configuration file. */
import * as v from 'valibot'

const fraction = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))
const threshold = v.optional(v.strictObject({ warning: fraction, critical: fraction }))

export const thresholdsInput = v.strictObject({ rejectionRate: threshold, autoAcceptanceRate: threshold, reviewRate: threshold })

import { describe, expect, it } from 'vitest'
import { defaultThresholds, healthOf, resolveThresholds } from '../../src/reports/health.ts'

const just = 1e-9

describe('the health of a rate', () => {
  it.each([
    ['rejectionRate', 0.2 - just, 'healthy'], ['rejectionRate', 1 / 5, 'warning'], ['rejectionRate', 0.35 - just, 'warning'], ['rejectionRate', 7 / 20, 'critical'], ['rejectionRate', 1, 'critical'],
    ['autoAcceptanceRate', 0.2 - just, 'healthy'], ['autoAcceptanceRate', 2 / 10, 'warning'], ['autoAcceptanceRate', 0.4 - just, 'warning'], ['autoAcceptanceRate', 2 / 5, 'critical'],
    ['reviewRate', 1, 'healthy'], ['reviewRate', 0.8 + just, 'healthy'], ['reviewRate', 4 / 5, 'warning'], ['reviewRate', 0.6 + just, 'warning'], ['reviewRate', 3 / 5, 'critical'], ['reviewRate', 0, 'critical'],
    ['rejectionRate', null, 'unknown'], ['autoAcceptanceRate', null, 'unknown'], ['reviewRate', null, 'unknown'],
  ] as const)('%s %s is %s', (rate, value, health) => {
    const rates = { rejectionRate: null, autoAcceptanceRate: null, reviewRate: null, [rate]: value }
    expect(healthOf(rates, defaultThresholds)[rate]).toBe(health)
  })

  it('follows the thresholds that were given, and keeps the others', () => {
    const thresholds = resolveThresholds({ rejectionRate: { warning: 0.05, critical: 0.05 } })
    expect(thresholds).toEqual({ ...defaultThresholds, rejectionRate: { warning: 0.05, critical: 0.05 } })
    expect(healthOf({ rejectionRate: 0.05, autoAcceptanceRate: 0, reviewRate: 1 }, thresholds)).toEqual({ rejectionRate: 'critical', autoAcceptanceRate: 'healthy', reviewRate: 'healthy' })
  })
})

/** Expected values are those of the IANA database: when clocks changed, and how far from UTC they were then. */
import { describe, expect, it } from 'vitest'
import { zoneOffsets } from '../../src/analytics/zone-offsets.ts'

const hours = 3600

describe('the offsets of a zone between two instants', () => {
  it('are the one at the beginning, and each that begins until the end', () => {
    expect(zoneOffsets('Europe/Berlin', '2025-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z')).toEqual([
      { from: null, seconds: 1 * hours },
      { from: '2025-03-30T01:00:00.000Z', seconds: 2 * hours },
      { from: '2025-10-26T01:00:00.000Z', seconds: 1 * hours },
    ])
  })

  it('hold the one that begins at the end itself, and none behind it', () => {
    expect(zoneOffsets('Europe/Berlin', '2025-01-01T00:00:00.000Z', '2025-03-30T01:00:00.000Z').map(({ seconds }) => seconds)).toEqual([1 * hours, 2 * hours])
    expect(zoneOffsets('Europe/Berlin', '2025-01-01T00:00:00.000Z', '2025-03-30T00:59:59.999Z')).toEqual([{ from: null, seconds: 1 * hours }])
    expect(zoneOffsets('Europe/Berlin', '2025-07-01T00:00:00.000Z', '2025-07-02T00:00:00.000Z')).toEqual([{ from: null, seconds: 2 * hours }])
  })

  it.each([['Etc/GMT+5', -5 * hours], ['UTC', 0], ['Asia/Kolkata', 5.5 * hours]])('are one where the clocks of %s never change', (zone, seconds) => {
    expect(zoneOffsets(zone, '1999-01-01T00:00:00.000Z', '2050-01-01T00:00:00.000Z')).toEqual([{ from: null, seconds }])
  })

  it('begin in 1970 and end with 2100, whatever dates were stored', () => {
    // Berlin had no summer time in the seventies before 1980; London was an hour ahead until the end of October 1971.
    expect(zoneOffsets('Europe/London', '1066-10-14T00:00:00.000Z', '1971-12-31T00:00:00.000Z')).toEqual([
      { from: null, seconds: 1 * hours },
      { from: '1971-10-31T02:00:00.000Z', seconds: 0 },
    ])
    const far = zoneOffsets('Europe/Berlin', '2100-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z')
    expect(far.map(({ from }) => from)).toEqual([null, '2100-03-28T01:00:00.000Z', '2100-10-31T01:00:00.000Z'])
    expect(zoneOffsets('Europe/Berlin', '9999-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z')).toEqual([{ from: null, seconds: 1 * hours }])
  })
})

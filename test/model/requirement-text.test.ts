import { describe, expect, test } from 'vitest'
import { requirementText } from '../../src/model/requirement-text.ts'

describe('a requirement as text', () => {
  test.each([
    ['Windows 10+', 'Computers', 'Windows', '10', null, []],
    ['Windows 10–11', 'Computers', 'Windows', '10', '11', []],
    ['Windows up to 11', null, 'Windows', null, '11', []],
    ['Windows 11', null, 'Windows', '11', '11', []],
    ['macOS', 'Desktop', 'macOS', null, null, []],
    ['iOS 16+ (Smartphones)', 'Smartphones', 'iOS', '16', null, []],
    ['iOS 16–18 (Tablets)', 'Tablets', 'iOS', '16', '18', []],
    ['Windows 10+ with Chrome, Firefox', 'Computers', 'Windows', '10', null, ['Chrome', 'Firefox']],
    ['Game consoles', 'Game consoles', null, '1', null, []],
    ['Any device with Safari', null, null, null, null, ['Safari']],
    ['Any device', null, null, null, null, []],
  ])('%s', (text, category, operating_system, min_version, max_version, browsers) => {
    expect(requirementText({ category, operating_system, min_version, max_version, browsers })).toBe(text)
  })
})

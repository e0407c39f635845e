import { describe, expect, it } from 'vitest'
import { bugs, features, featuresWithStories, products, rejectReasons, sparseTests, test } from '../samples.ts'
import { readBugs, readFeatures, readProducts, readRejectReasons, readTest, readTests } from './read.ts'

/** The payload is compared on its own. */
function facts<T extends { readonly payload: unknown }>(record: T | undefined): Omit<T, 'payload'> | undefined {
  if (record === undefined) return undefined
  const { payload: _payload, ...rest } = record
  return rest
}

describe('the worked examples of the reference', () => {
  it('give products with and without sections', () => {
    const { records, malformed, rawCount } = readProducts(products)
    expect(malformed).toEqual([])
    expect(rawCount).toBe(2)
    expect(records.map(facts)).toEqual([
      {
        id: 40112, name: 'Lumen Books Web', description: 'Online book shop', type: 'website', defaultSectionId: 51820, sections: [],
        sectionsWithDefault: [{ id: 51820, name: 'default-section' }],
      },
      {
        id: 40377, name: 'Lumen Books App', description: null, type: 'mobile_app_ios', defaultSectionId: 52001,
        sections: [{ id: 52010, name: 'Reader' }, { id: 52011, name: 'Store' }],
        sectionsWithDefault: [{ id: 52001, name: 'default-section' }, { id: 52010, name: 'Reader' }, { id: 52011, name: 'Store' }],
      },
    ])
    expect(records.map((product) => product.payload)).toEqual(products.products)
  })

  it('give one test with its snapshots, requirements and UTC schedule', () => {
    expect(facts(readTest(test, 118204))).toEqual({
      id: 118204, title: 'Basket and gift cards, spring release', status: 'locked', reviewStatus: 'review_successful', testingType: 'coverage',
      goal: 'Find what breaks between basket and payment', outOfScope: 'Newsletter', instructions: null,
      startAt: '2026-03-03T08:00:00.000Z', endAt: '2026-03-04T12:00:00.000Z', reportLanguage: 'en', createdBy: 'N Okoye', submittedBy: 'N Okoye',
      product: { id: 40112, title: 'Lumen Books Web' }, section: { id: 51820, title: 'default-section' }, environment: { id: 30551, title: 'Staging' },
      features: [{ id: 930551, featureId: 77120, title: 'Basket' }, { id: 930552, featureId: 77121, title: 'Gift cards' }],
      requirements: [{ category: 'Computers', operatingSystem: 'Windows', minVersion: '10', maxVersion: null, browsers: ['Chrome'] }],
      enableLow: true, enableHigh: true, enableCritical: true, allowedBugTypes: ['default', 'content', 'visual'], demo: false,
    })
  })

  it('give the sparse row of a draft', () => {
    expect(readTests(sparseTests).records.map(facts)).toEqual([{
      id: 109901, title: 'Draft: reader smoke', status: 'initialized', reviewStatus: null, testingType: 'rapid', goal: null, outOfScope: null,
      instructions: null, startAt: null, endAt: null, reportLanguage: 'en', createdBy: null, submittedBy: null,
      product: { id: 40377, title: 'Lumen Books App' }, section: { id: 52010, title: 'Reader' }, environment: null, features: [], requirements: [],
      enableLow: null, enableHigh: null, enableCritical: true, allowedBugTypes: ['default'], demo: false,
    }])
  })

  it('give a functional and a custom bug, the text of the latter from its report', () => {
    const { records, malformed, rawCount } = readBugs(bugs)
    expect(malformed).toEqual([])
    expect(rawCount).toBe(2)
    expect(records.map(facts)).toEqual([
      {
        id: 2260417, title: 'Quantity field goes back to 1 after reload', severity: 'high', status: 'rejected', autoAccepted: false, known: false,
        language: 'en', location: 'https://staging.lumen.example/basket', expectedResult: 'The chosen quantity stays', actualResult: 'The quantity is 1 again',
        steps: ['Open any book', 'Add it to the basket', 'Set the quantity to 3', 'Reload the page'], author: 'quiet_heron',
        comments: [{
          id: 810221, author: 'N Okoye', createdAt: '2026-03-05T10:02:40.000Z',
          body: 'Rejected - it was not possible to reproduce this with the data we have',
        }],
        devices: [{ category: 'Computers', vendor: 'Dell', model: 'XPS 13', operatingSystem: 'Windows', osVersion: '11', browsers: ['Chrome'] }],
        reportedAt: '2026-03-03T14:20:09.000Z', exportedAt: null, externalId: null,
        product: { id: 40112, title: 'Lumen Books Web' }, section: { id: 51820, title: 'default-section' },
        test: { id: 118204, title: 'Basket and gift cards, spring release' }, feature: { id: 77120, title: 'Basket' },
        testFeature: { id: 930551, title: 'Basket' },
      },
      {
        id: 2260590, title: 'Page slider has no accessible name', severity: 'custom', status: 'accepted', autoAccepted: true, known: false,
        language: 'en', location: null, expectedResult: null,
        actualResult: 'Issue type: Missing name\nSeverity: Serious\nWCAG checkpoints: 4.1.2',
        steps: ['Turn VoiceOver on, focus the slider'], author: 'copper_lynx', comments: [], devices: [],
        reportedAt: '2026-03-08T09:12:31.000Z', exportedAt: '2026-03-19T05:00:00.000Z', externalId: 'LB-871',
        product: { id: 40377, title: 'Lumen Books App' }, section: { id: 52010, title: 'Reader' },
        test: { id: 118310, title: 'Accessibility of the reader' }, feature: null, testFeature: null,
      },
    ])
  })

  it('give features with their stories as texts and as objects, the same titles in both', () => {
    const plain = readFeatures(features).records
    expect(plain.map(facts)).toEqual([
      {
        id: 77120, title: 'Basket', description: 'Add, change and remove items', howToFind: 'Top right icon',
        userStories: [
          { id: null, title: 'As a reader, I can add a book to the basket' },
          { id: null, title: 'As a reader, I can change the quantity' },
        ],
      },
      { id: 77121, title: 'Gift cards', description: null, howToFind: null, userStories: [] },
    ])
    expect(readFeatures(featuresWithStories).records[0]?.userStories).toEqual([
      { id: 61001, title: 'As a reader, I can add a book to the basket' },
      { id: 61002, title: 'As a reader, I can change the quantity' },
    ])
  })

  it('give the reject reasons', () => {
    expect(readRejectReasons(rejectReasons).records.map(facts)).toEqual([
      { key: 'known_bug', name: 'Known bug', defaultComment: 'We know this one already.' },
      { key: 'not_reproducible', name: 'Not reproducible', defaultComment: 'We could not make this happen.' },
    ])
  })
})

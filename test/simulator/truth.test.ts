/**
 * The wire, read by the words of the reference and the contract in the plainest way, must give the truth back:
 * nothing may be on one side only.
 */
import { describe, expect, it } from 'vitest'
import { account, allBugs, allTests, read, type Json } from './api.ts'

const demo = account()
const { truth } = demo
const sections = new Map(truth.sections.map((section) => [section.id, section]))

const utc = (date: string | null | undefined) => (date === null || date === undefined ? null : new Date(date).toISOString())
const text = (value: string | null | undefined) => (value === null || value === undefined || value.trim() === '' ? null : value.trim())
const realSection = (section: Json) => (section === null || section === undefined || sections.get(section.id)!.isDefault ? null : section.id)
const byId = <T extends { readonly id: number }>(list: readonly T[]) => [...list].sort((a, b) => a.id - b.id)

describe('what the wire says is the truth', () => {
  it('about products and sections', async () => {
    const { products } = await read(demo, 'products')
    expect(products.map((product: Json) => [product.id, product.name, product.type ?? null, product.description, product.default_section_id]))
      .toEqual(truth.products.map((product) => [product.id, product.name, product.type, product.description, product.defaultSectionId]))
    expect(products.flatMap((product: Json) => product.sections_with_default.map((section: Json) => [section.id, product.id, section.name, section.id === product.default_section_id])))
      .toEqual(truth.sections.map((section) => [section.id, section.productId, section.name, section.isDefault]))
  })

  it('about features, their sections and stories', async () => {
    const found = new Map<number, Json>()
    for (const product of truth.products) {
      const paths = product.sectionStyle === 'none' ? [[null, `products/${product.id}/features`] as const]
        : truth.sections.filter((section) => section.productId === product.id).map((section) => [section.id, `products/${product.id}/sections/${section.id}/features`] as const)
      for (const [sectionId, path] of paths) {
        for (const feature of (await read(demo, `${path}?includes[]=user_stories`)).features) {
          const known = found.get(feature.id)
          found.set(feature.id, {
            id: feature.id, productId: product.id, title: feature.title, description: feature.description, howToFind: feature.howtofind,
            sectionIds: [...(known?.sectionIds ?? []), ...(sectionId === null ? [] : [sectionId])],
            userStories: (feature.user_stories ?? []).map((story: Json) => (typeof story === 'string' ? { id: null, title: story } : { id: story.id, title: story.title })),
          })
        }
      }
    }
    expect(byId([...found.values()])).toEqual(byId(truth.features))
  })

  it('about tests', async () => {
    const found = (await allTests(demo)).map((test) => ({
      id: test.id,
      productId: test.product.id,
      sectionId: realSection(test.section),
      title: test.title ?? test.test_title,
      status: test.status,
      testingType: test.testing_type,
      reviewStatus: test.review_status,
      startAt: utc(test.start_at),
      endAt: utc(test.end_at),
      createdBy: test.created_by,
      submittedBy: test.submitted_by,
      environment: test.test_environment === null ? null : { id: test.test_environment.id, title: test.test_environment.title },
      reportLanguage: test.report_language,
      isDemo: test.demo,
      enableLow: test.enable_low,
      enableHigh: test.enable_high,
      enableCritical: test.enable_critical,
      allowedBugTypes: test.allowed_bug_types,
      goal: test.goal,
      goalText: test.goal_text ?? null,
      outOfScope: test.out_of_scope,
      outOfScopeText: test.out_of_scope_text ?? null,
      instructions: test.instructions,
      instructionsText: test.instructions_text ?? null,
      platforms: test.requirements.map((one: Json) => ({
        category: one.category.name, operatingSystem: one.operating_system?.name ?? null, minVersion: one.min_operating_system_version?.name ?? null,
        maxVersion: one.max_operating_system_version?.name ?? null, browsers: one.browsers.map((browser: Json) => browser.name),
      })),
      features: test.features.map((feature: Json) => ({ id: feature.id, featureId: feature.feature_id ?? null, title: feature.title })),
    }))
    expect(byId(found)).toEqual(byId(truth.tests))
  })

  it('about bugs', async () => {
    const tests = new Map(truth.tests.map((test) => [test.id, test]))
    const found = (await allBugs(demo)).map((bug) => {
      const functional = ['low', 'high', 'critical'].includes(bug.severity)
      const test = tests.get(bug.test.id)!
      const snapshot = test.features.find((one) => one.id === bug.test_feature?.id)
      return {
        id: bug.id,
        testId: bug.test.id,
        productId: bug.product.id,
        testFeatureId: bug.test_feature?.id ?? null,
        featureId: snapshot?.featureId ?? null,
        title: bug.title,
        kind: functional ? 'functional' : bug.severity,
        severity: functional ? bug.severity : null,
        outcome: { forwarded: 'open', rejected: 'rejected', accepted: bug.auto_accepted === true ? 'auto_accepted' : 'accepted' }[bug.status as string] ?? 'other',
        status: bug.status,
        known: bug.known === true,
        tester: bug.author.name,
        language: bug.language,
        reportedAt: utc(bug.reported_at),
        exportedAt: utc(bug.exported_at),
        externalId: bug.external_idx,
        // Where the bug does not name its section, it is in that of its test.
        sectionId: bug.section === undefined ? test.sectionId : realSection(bug.section),
        location: text(bug.location),
        expectedResult: text(bug.expected_result),
        actualResult: text(bug.actual_result),
        steps: bug.steps === null ? [] : [bug.steps].flat(),
        devices: (bug.devices === null ? [] : [bug.devices].flat()).map((one: Json) => ({
          category: one.category.name, vendor: one.vendor.name, model: (one.device ?? one.devices).name, operatingSystem: one.operating_system.name,
          osVersion: one.operating_system_version.name, browsers: one.browsers.map((browser: Json) => browser.name),
        })),
        comments: bug.comments.map((comment: Json) => ({ id: comment.id, author: comment.author.name, createdAt: utc(comment.created_at), body: comment.body })),
        report: bug.report?.content.data ?? null,
      }
    })
    // Field by field: the long texts of a bug are not fields of its own.
    const expected = byId(truth.bugs).map((bug) => Object.fromEntries(Object.keys(found[0]!).map((key) => [key, bug[key as keyof typeof bug]])))
    expect(byId(found)).toEqual(expected)
  })

  it('about people', async () => {
    const testers = new Set((await allBugs(demo)).map((bug) => bug.author.name))
    const customers = new Set((await allTests(demo)).flatMap((test) => [test.created_by, test.submitted_by]).filter((name) => name !== null))
    const found = [...[...testers].map((name) => `tester ${name}`), ...[...customers].map((name) => `customer ${name}`)]
    expect(new Set(truth.users.map((user) => `${user.role} ${user.name}`))).toEqual(new Set(found))
  })
})

describe('credentials', () => {
  it('are in environments and nowhere else', async () => {
    const everything: Json = [await allTests(demo), await allBugs(demo)]
    for (const test of truth.tests) everything.push(await read(demo, `exploratory_tests/${test.id}?includes[]=user_stories`))
    for (const path of ['products', 'bugs/reject_reasons', 'user_story_version_executions?per_page=9999']) everything.push(await read(demo, path))
    const whole = JSON.stringify(everything)
    const stripped = JSON.stringify(everything, (key, value: unknown) => (key === 'test_environment' ? undefined : value))
    expect(whole).toContain('tm-secret-')
    expect(stripped).not.toContain('tm-secret-')
    expect(truth.secrets.filter((secret) => stripped.includes(secret))).toEqual([])
  })

  it('are all known: no mark is left when those of the truth are taken away', async () => {
    let text = ''
    for (const product of truth.products) text += JSON.stringify(await read(demo, `products/${product.id}/test_environments`))
    for (const key of ['username', 'password', 'access']) expect(text).toContain(`"${key}":"`)
    expect(text).toMatch(/https:\/\/[^/"]+:[^/"]+@/)
    for (const secret of truth.secrets) {
      expect(text).toContain(secret)
      text = text.replaceAll(secret, '')
    }
    expect(text).not.toContain('tm-secret-')
  })

  it('are not in the truth of tests and environments', () => {
    expect(JSON.stringify([truth.tests, truth.environments, truth.products])).not.toContain('tm-secret-')
  })
})

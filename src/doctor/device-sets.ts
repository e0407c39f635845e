/** The sets of platforms, categories and browsers that stand in each bug, against the devices of the bug. */
import type { QueryContext } from '../repositories/context.ts'
import { textsIn } from '../storage/json-texts.ts'
import { check, type Finding } from './finding.ts'

const sets = check('derived_data', 'device_sets')

/** Bounds the memory. */
const bugsAtOnce = 5_000

export async function checkDeviceSets({ db, customerId }: Pick<QueryContext, 'db' | 'customerId'>): Promise<Finding> {
  let seen = 0
  const wrong: number[] = []
  for (let after = 0; ;) {
    const bugs = await db
      .selectFrom('bugs')
      .select(['id', 'operating_systems', 'device_categories', 'browsers'])
      .where('customer_id', '=', customerId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(bugsAtOnce)
      .execute()
    const last = bugs.at(-1)
    if (last === undefined) break
    const devices = await db
      .selectFrom('bug_devices')
      .select(['bug_id', 'operating_system', 'category', 'browsers'])
      .where('customer_id', '=', customerId)
      .where('bug_id', '>', after)
      .where('bug_id', '<=', last.id)
      .execute()
    const ofBugs = new Map(bugs.map(({ id }) => [id, { systems: new Set<string>(), categories: new Set<string>(), browsers: new Set<string>() }]))
    for (const { bug_id: id, operating_system: system, category, browsers } of devices) {
      const parts = ofBugs.get(id)
      if (system !== null) parts?.systems.add(system)
      if (category !== null) parts?.categories.add(category)
      for (const browser of textsIn(browsers)) parts?.browsers.add(browser)
    }
    for (const { id, operating_systems: systems, device_categories: categories, browsers } of bugs) {
      const counted = ofBugs.get(id)
      if (counted === undefined || !isSet(systems, counted.systems) || !isSet(categories, counted.categories) || !isSet(browsers, counted.browsers)) wrong.push(id)
    }
    seen += bugs.length
    after = last.id
  }
  if (wrong.length === 0) return sets.ok(`Platforms, categories and browsers of ${seen} bugs are those of their devices`)
  return sets.failed(
    'Platforms, categories or browsers of bugs are not those of their devices',
    `They differ in ${wrong.length} of ${seen} bugs, bug ${wrong[0]} first. Another program has written there, and counts by platform are wrong.`,
    'Run "tidemark sync --mode rebuild": it reads everything again and replaces what is stored.',
  )
}

/** Each once; their order is no part of what is counted. */
function isSet(value: unknown, counted: ReadonlySet<string>): boolean {
  const kept = textsIn(value)
  return kept.length === counted.size && kept.every((part) => counted.has(part))
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTidemark } from '../../../src/mod.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { writeUsers } from '../../../src/sync/rows/user-rows.ts'
import { writeTarget } from '../../../src/sync/write-target.ts'
import { engineNamed } from '../../support/engines.ts'

describe('people on PostgreSQL', () => {
  let storage: Storage
  beforeEach(async () => {
    storage = await engineNamed('postgres').open()
    await openTidemark({ storage, customerId: 1 })
  })
  afterEach(() => storage.close())

  it('may be brought by many writers at once, in any order', async () => {
    const names = Array.from({ length: 960 }, (_, index) => `person ${index}`)
    const rounds = Array.from({ length: 12 }, (_, round) => names.slice(round * 80, (round + 1) * 80))
    for (const people of rounds) {
      const writers = [people, people.toReversed(), people, people.toReversed()]
      await Promise.all(
        writers.map((mine) => storage.transaction((tx) => writeUsers(writeTarget(tx, 1, '2026-01-01T00:00:00.000Z'), 'tester', mine))),
      )
    }
    const { rows } = await storage.query<{ readonly name: string }>({ sql: 'select name from users' })
    expect(rows.map((row) => row.name).toSorted()).toEqual(names.toSorted())
  })
})

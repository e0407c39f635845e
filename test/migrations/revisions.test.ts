import { describe, expect, it } from 'vitest'
import { revisions } from '../../migrations/index.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { engines } from '../support/engines.ts'

describe.each(engines)('on $name', (engine) => {
  it('goes up, down and up again', async () => {
    await using storage = await engine.open()
    const migrator = new Migrator({ storage, revisions })
    const t0 = performance.now()
    const up = await migrator.upgrade()
    console.log(engine.name, performance.now() - t0, JSON.stringify(up.steps.map((s) => [s.revision, s.durationMs, s.operations.filter((o) => o.grade !== 'native')])))
    expect(await migrator.current()).toEqual(['a41e7c52d8f0'])
    await migrator.downgrade('base')
    expect(await migrator.current()).toEqual([])
    await migrator.upgrade()
  })
})

/** Commands that pages give for a checkout have the names that there are; what they do takes from seconds to hours. */
import { expect, it } from 'vitest'
import { gatedBenches } from '../../bench/gate/benches.ts'
import { benchNames, isMeant } from '../../bench/names.ts'
import { BenchAccounts } from '../../bench/support/accounts.ts'
import { manifest } from '../package/consumer.ts'
import { pages, readPage } from './pages.ts'

const text = pages.map(readPage).join('\n')
const found = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].flatMap(([, names = '']) => names.split(','))

it('every script is one of package.json', () => {
  const scripts = found(/\bnpm run ([\w:]+)/g)
  expect(scripts.length).toBeGreaterThan(20)
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining([...scripts]))
})

it('every bench is one that can be run', () => {
  const names = found(/\bnpm run bench -- (?:--only )?(\w[\w,/]*)/g)
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => !benchNames.some((bench) => isMeant(bench, name)))).toEqual([])
})

it('every gated bench is one of the gate', () => {
  const names = found(/\bnpm run bench:gate -- --only (\w[\w,/]*)/g)
  expect(names.length).toBeGreaterThan(1)
  expect(gatedBenches(new BenchAccounts('demo')).map(({ name }) => name)).toEqual(expect.arrayContaining([...names]))
})

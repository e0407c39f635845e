/** Who reports bugs and who sets up tests. Few people do most of the work, as in real accounts. */
import { indexPicker, itemAt, randomFor, type Random } from '../random.ts'
import type { ScaleCounts } from '../scale.ts'
import { CUSTOMERS, FIRST_NAMES, LAST_NAMES, ODD_TESTERS, TESTER_ADJECTIVES, TESTER_ANIMALS } from '../words/people.ts'

export interface People {
  readonly tester: (random: Random) => string
  readonly customer: (random: Random) => string
}

export function generatePeople(seed: number, counts: ScaleCounts): People {
  const testers = testerNames(seed, counts.testers)
  const customers = customerNames(seed, counts.customers)
  const testerIndex = indexPicker(testers.map((_, rank) => 1 / (rank + 3)))
  const customerIndex = indexPicker(customers.map((_, rank) => 1 / (rank + 2)))
  return {
    tester: (random) => itemAt(testers, testerIndex(random)),
    customer: (random) => itemAt(customers, customerIndex(random)),
  }
}

function testerNames(seed: number, count: number): string[] {
  const random = randomFor(seed, 'testers')
  const pairs = TESTER_ADJECTIVES.flatMap((adjective) => TESTER_ANIMALS.map((animal) => `${adjective}_${animal}`))
  const plain = random.sample(pairs, count)
  // More names than pairs: numbers behind them, as on every platform where the good names are gone.
  for (let i = plain.length; i < count; i++) plain.push(`${itemAt(pairs, i)}${10 + Math.floor(i / pairs.length)}`)
  // The odd names stand in the front ranks, so that they have bugs at every scale.
  ODD_TESTERS.forEach((name, i) => (plain[i * 2 + 1] = name))
  return plain
}

function customerNames(seed: number, count: number): string[] {
  const random = randomFor(seed, 'customers')
  const pairs = FIRST_NAMES.flatMap((first) => LAST_NAMES.map((last) => `${first} ${last}`))
  return [...CUSTOMERS, ...random.sample(pairs, Math.max(0, count - CUSTOMERS.length))].slice(0, count)
}

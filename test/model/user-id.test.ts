import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { userId } from '../../src/model/user-id.ts'

describe('the id of a user', () => {
  test.each([['tester', 'quiet_heron'], ['customer', 'N Okoye'], ['tester', 'Žofie 🦉'], ['tester', '']] as const)(
    'of %s "%s" is the first 48 bits of SHA-256',
    async (role, name) => {
      const hex = createHash('sha256').update(`${role}\n${name}`).digest('hex').slice(0, 12)
      expect(await userId(role, name)).toBe(Number.parseInt(hex, 16))
    },
  )

  test('is a safe integer, and another one in another role', async () => {
    const [tester, customer] = await Promise.all([userId('tester', 'A'), userId('customer', 'A')])
    expect(Number.isSafeInteger(tester)).toBe(true)
    expect(tester).not.toBe(customer)
  })
})

import { describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import { toSettings } from '../../src/testio/settings.ts'
import type { TestioClientOptions } from '../../src/testio/settings.ts'

function refusal(options: TestioClientOptions): TidemarkError {
  try {
    createTestioClient(options)
  } catch (error) {
    if (error instanceof TidemarkError) return error
  }
  throw new Error('It was accepted')
}

describe('the options of the client', () => {
  it('have defaults', () => {
    expect(toSettings({ token: 'abc' })).toMatchObject({
      token: 'abc', baseUrl: 'https://api.test.io/customer/v2/', concurrency: 10, timeoutMs: 90_000, retries: 3,
    })
  })

  it.each([
    ['https://api.stage.example/customer/v2', 'https://api.stage.example/customer/v2/'],
    ['https://api.stage.example/customer/v2///', 'https://api.stage.example/customer/v2/'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/'],
  ])('read the base URL %s as %s', (baseUrl, expected) => {
    expect(toSettings({ token: 'abc', baseUrl }).baseUrl).toBe(expected)
  })

  it.each(['', ' ', 'sec ret', 'secret\n', 'sec\u0000ret', 'sécret'])('refuse the token %j without showing it', (token) => {
    const error = refusal({ token })
    expect(error.code).toBe('configuration_invalid')
    expect(error.message).toContain('token')
    if (token.trim() !== '') expect(error.message).not.toContain(token.trim())
  })

  it.each(['nonsense', 'ftp://api.test.io/', 'file:///etc', 'https://user:hunter2@api.test.io/', 'https://hunter2@api.test.io/', 'https://api.test.io/?a=hunter2', 'https://api.test.io/#x'])(
    'refuse the base URL %s', (baseUrl) => {
      const error = refusal({ token: 'abc', baseUrl })
      expect(error.code).toBe('configuration_invalid')
      expect(error.message).toContain('baseUrl')
      expect(error.message).not.toContain('hunter2')
    },
  )

  it('refuse numbers out of range, and name every mistake at once', () => {
    const error = refusal({ token: '', baseUrl: 'x', concurrency: 51, timeoutMs: 0, retries: 1.5 })
    expect(error.why).toBe(
      'token is empty; baseUrl is not an http or https URL; concurrency is not a whole number from 1 to 50; '
      + 'timeoutMs is not a whole number from 1 to 300000; retries is not a whole number from 0 to 10.',
    )
  })
})

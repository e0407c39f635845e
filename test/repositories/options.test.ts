import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { option, parseOptions } from '../../src/repositories/options.ts'

describe('the options of a list', () => {
  const schema = v.strictObject({ search: option.text, productIds: option.ids })

  it.each([
    [{ search: '' }, 'Option "search" must be filled in.'],
    [{ search: 'x'.repeat(501) }, 'Option "search" must be no longer than 500.'],
    [{ productIds: [] }, 'Option "productIds" must be a list of at least 1.'],
  ])('of the wrong length are refused in words', (options, why) => {
    expect(() => parseOptions('list products', schema, options)).toThrow(expect.objectContaining({ code: 'argument_invalid', why }))
  })
})

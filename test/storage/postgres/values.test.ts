import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { postgresDecoder, postgresParameter } from '../../../src/storage/postgres/values.ts'

const numeric = postgresDecoder(1700)
const int8 = postgresDecoder(20)
const bytea = postgresDecoder(17)

describe('a value of PostgreSQL', () => {
  it.each([
    ['0', 0], ['0.00', 0], ['-0.50', -0.5], ['12.5000', 12.5], ['123456789012345', 123_456_789_012_345], ['0.1', 0.1], ['-1.1', -1.1],
    ['0.30000000000000004', 0.300_000_000_000_000_04], ['0.10000000000000000000001', '0.10000000000000000000001'],
    ['12345678901234567890', '12345678901234567890'], ['1234567890.1234567890123', '1234567890.1234567890123'],
    ['NaN', 'NaN'], ['Infinity', 'Infinity'],
  ])('of type numeric is a number unless digits would be lost: %s', (text, expected) => {
    expect(numeric(text)).toBe(expected)
  })

  it('of type numeric keeps its digits, whichever way it comes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 12 }), (digits, scale) => {
        const sign = digits < 0n ? '-' : ''
        const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
        const text = scale === 0 ? `${sign}${padded}` : `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
        const value = numeric(text)
        if (typeof value === 'string') expect(value).toBe(text)
        else expect(decimal(value as number)).toBe(decimalText(text))
      }),
    )
  })

  it('of type bigint is a number up to 2^53 and a bigint past it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const read = int8(String(value))
        expect(typeof read).toBe(value >= -(2n ** 53n - 1n) && value <= 2n ** 53n - 1n ? 'number' : 'bigint')
        expect(BigInt(read as number | bigint)).toBe(value)
      }),
    )
  })

  it('of type bytea is bound and read byte by byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = bytea(postgresParameter(bytes) ?? '')
        expect(read).toEqual(bytes)
        expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype)
      }),
    )
  })

  it('of a type that has no form on the port is text', () => {
    expect(postgresDecoder(1009)('{a,b}')).toBe('{a,b}')
    expect(postgresDecoder(1082)('2026-03-03')).toBe('2026-03-03')
    expect(postgresDecoder(999_999)('anything')).toBe('anything')
  })
})

/** The shortest decimal form of a double, written out. */
function decimal(value: number): string {
  const [mantissa = '', exponent = '0'] = String(Math.abs(value)).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const shift = Number(exponent)
  const digits = shift >= 0 ? `${whole}${fraction.padEnd(shift, '0')}` : `${'0'.repeat(-shift)}${whole}${fraction}`
  const point = shift >= 0 ? whole.length + shift : whole.length
  return decimalText(`${value < 0 ? '-' : ''}${digits.slice(0, point) || '0'}.${digits.slice(point)}`)
}

function decimalText(text: string): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const plain = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(/0+$/, '')}`
  return plain === '0.' ? plain : `${text.startsWith('-') ? '-' : ''}${plain}`
}

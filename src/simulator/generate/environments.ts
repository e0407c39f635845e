/**
 * Where a product is tested: addresses with credentials in clear text, as the API really sends them. Every credential
 * holds a mark that occurs nowhere else, and the marks are collected, so that a leak can be searched for.
 */
import { randomFor } from '../random.ts'
import type { EnvironmentTruth } from '../truth.ts'

export interface Environment extends EnvironmentTruth {
  readonly url: string | null
  readonly username: string
  readonly password: string
  readonly access: string | null
  readonly proxy: boolean
  readonly allowOrders: boolean
  readonly binaryFile: string | null
  readonly secrets: readonly string[]
}

const TITLES = ['Staging', 'Production', 'Pre-production', 'Beta channel', 'QA 2 – "feature branch"']
/** Apps are tested from a file. */
const FILE_ENDINGS: Readonly<Record<string, string>> = { mobile_app_ios: 'ipa', mobile_app_android: 'apk', mobile_app_windows: 'appx' }

/** `slug` is the part of addresses that names the product. */
export function generateEnvironments(
  seed: number,
  product: { readonly id: number; readonly type: string; readonly slug: string },
  firstId: number,
): Environment[] {
  const random = randomFor(seed, 'environments', product.id)
  const fileEnding = FILE_ENDINGS[product.type]
  return random.sample(TITLES, random.int(2, 4)).map((title, index) => {
    const id = firstId + index
    const isFile = fileEnding !== undefined && index === 0
    const secrets: string[] = []
    const secret = (what: string) => {
      const mark = `tm-secret-${what}-${id}-${random.int(100_000, 999_999)}`
      secrets.push(mark)
      return mark
    }
    const host = `${title.slice(0, 3).toLowerCase().trim()}.${product.slug}.example`
    return {
      id,
      productId: product.id,
      title,
      url: isFile ? null : index === 1 ? `https://${secret('login')}:${secret('urlpass')}@${host}/` : `https://${host}/`,
      username: secret('user'),
      password: secret('password'),
      access: index % 2 === 0 ? `Test card 4111 with the code ${secret('access')}` : `https://vault.${product.slug}.example/${secret('vault')}`,
      proxy: random.chance(0.1),
      allowOrders: random.chance(0.7),
      binaryFile: isFile ? `${product.slug}-${random.int(1, 9)}.${random.int(0, 20)}.${fileEnding}` : null,
      secrets,
    }
  })
}

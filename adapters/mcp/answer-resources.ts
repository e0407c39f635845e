/** Answers `resources/list`, `resources/templates/list` and `resources/read`. */
import type { Server } from '@modelcontextprotocol/server'
import { isTidemarkError, TidemarkError } from '../../src/errors.ts'
import { cleanText } from './clean-text.ts'
import { listPage } from './list-cursor.ts'
import type { Offerings } from './offerings.ts'
import { answered, onlyPage, resourceNotFound } from './protocol-errors.ts'
import { resourceAddress } from './resource-address.ts'
import type { ToolEnvironment } from './tool-environment.ts'

const pageSize = 100
/** Of pages that change with the program only. */
const fixed = { ttlMs: 300_000, cacheScope: 'public' } as const

export function answerResourceRequests(server: Server, offerings: () => Promise<Offerings>, environment: ToolEnvironment): void {
  server.setRequestHandler('resources/templates/list', async ({ params }) => {
    onlyPage(params)
    return { resourceTemplates: (await offerings()).families.map(({ definition }) => definition) }
  })
  server.setRequestHandler('resources/list', ({ params }) =>
    answered('the list of resources', environment.logger, async () => {
      const { families, pages } = await offerings()
      const listed = await Promise.all(families.map(async ({ list }) => (await list?.(environment)) ?? []))
      const all = [...pages.map(({ definition }) => definition), ...listed.flat()].toSorted((a, b) => (a.uri < b.uri ? -1 : 1))
      const { items, ...rest } = listPage(all, ({ uri }) => uri, params?.cursor, pageSize)
      return { resources: [...items], ...rest }
    }))
  server.setRequestHandler('resources/read', ({ params: { uri } }) => answered('the resource', environment.logger, async () => read(uri, await offerings(), environment)))
}

async function read(uri: string, offerings: Offerings, environment: ToolEnvironment) {
  const { families, pages } = offerings
  const address = resourceAddress(uri)
  if (address === undefined) throw resourceNotFound(uri, noAddress(offerings))
  const { kind, key } = address
  if (key === undefined) {
    const page = pages.find(({ definition }) => definition.uri === `testio://${kind}`)
    if (page === undefined) throw resourceNotFound(uri, noAddress(offerings))
    const { mimeType, uri: own } = page.definition
    return { contents: [{ uri: own, mimeType, text: await page.read(environment) }], ...(page.ofThisServer === true ? {} : fixed) }
  }
  const family = families.find((one) => one.kind === kind)
  if (family === undefined) throw resourceNotFound(uri, noAddress(offerings))
  try {
    return { contents: [{ uri: cleanText(uri), mimeType: family.mimeTypeOf?.(key) ?? family.definition.mimeType, text: await family.read(key, environment) }] }
  } catch (error) {
    if (isTidemarkError(error, 'not_found') || isTidemarkError(error, 'argument_invalid')) throw resourceNotFound(uri, error)
    throw error
  }
}

function noAddress({ pages, families }: Offerings): TidemarkError {
  const uris = [...pages.map(({ definition }) => definition.uri), ...families.map(({ definition }) => definition.uriTemplate)]
  return new TidemarkError('not_found', 'Cannot read this resource', {
    why: 'There is nothing at its address.',
    next: `Read one of ${uris.join(', ')}.`,
  })
}

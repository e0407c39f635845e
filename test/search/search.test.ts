import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed } from '../support/engines.ts'
import { found, openCorpus, type CorpusDocument } from './corpus.ts'

const corpus: readonly CorpusDocument[] = [
  { entity: 'product', id: 10, title: 'Web Shop', body: 'Where people buy shoes' },
  { entity: 'feature', id: 20, title: 'Sign-up', body: 'An account for new people', productId: 10 },
  { entity: 'test', id: 30, title: 'Checkout, second round', body: 'Pay with every card. Login first.', productId: 10, date: '2026-10-01T12:00:00.000Z' },
  { entity: 'bug', id: 40, title: 'Login button does nothing', body: 'Nothing happens after the login', productId: 10, date: '2026-11-01T12:00:00.000Z' },
  { entity: 'bug', id: 41, title: 'Crash in the basket', body: 'login login login login login login', productId: 10, date: '2026-11-10T12:00:00.000Z' },
  { entity: 'bug', id: 42, title: 'Logout keeps the basket', body: 'The session lives on. Sign the form up to three times.', productId: 11, date: '2026-09-01T12:00:00.000Z' },
  { entity: 'bug', id: 43, title: 'Größe fehlt', body: 'Die Größenauswahl im Café zeigt 検索 nicht', productId: 11 },
]

describe.each(['sqljs memory', 'pglite memory', 'postgres'])('search on %s', (name) => {
  let tidemark: Tidemark
  beforeAll(async () => { tidemark = await openCorpus(await engineNamed(name).open(), corpus) })
  afterAll(() => tidemark.close())

  it('finds a word in titles and texts of every entity, in any case', async () => {
    for (const text of ['login', 'LOGIN', 'Login']) expect((await found(tidemark, text)).toSorted()).toEqual(['bug 40', 'bug 41', 'test 30'])
    expect((await found(tidemark, 'people')).toSorted()).toEqual(['feature 20', 'product 10'])
  })

  it('puts a match in the title before every match in a text', async () => {
    const { items } = await tidemark.search('login')
    expect(items[0]).toMatchObject({ entity: 'bug', id: 40 })
    expect(items.map((item) => item.score)).toEqual(items.map((item) => item.score).toSorted((a, b) => b - a))
  })

  it('wants all words, wherever each stands', async () => {
    expect(await found(tidemark, 'basket login')).toEqual(['bug 41'])
    expect(await found(tidemark, 'basket login shoes')).toEqual([])
  })

  it('takes what is quoted for a phrase', async () => {
    expect(await found(tidemark, '"login button"')).toEqual(['bug 40'])
    expect(await found(tidemark, '"button login"')).toEqual([])
    expect(await found(tidemark, 'button login')).toEqual(['bug 40'])
  })

  it('finds no phrase across the border of two texts', async () => {
    expect(await found(tidemark, '"basket login"')).toEqual([])
    expect(await found(tidemark, '"basket the session"')).toEqual([])
  })

  it('takes a hyphenated word for a phrase of its parts', async () => {
    expect(await found(tidemark, 'sign-up')).toEqual(['feature 20'])
    expect((await found(tidemark, 'sign up')).toSorted()).toEqual(['bug 42', 'feature 20'])
  })

  it('takes a star for the rest of a word, also at the end of a phrase', async () => {
    expect((await found(tidemark, 'log*')).toSorted()).toEqual(['bug 40', 'bug 41', 'bug 42', 'test 30'])
    expect(await found(tidemark, 'log')).toEqual([])
    expect(await found(tidemark, '"login but*"')).toEqual(['bug 40'])
    expect(await found(tidemark, 'sign-u*')).toEqual(['feature 20'])
  })

  it('knows no operators: they are words', async () => {
    expect(await found(tidemark, 'login OR basket')).toEqual([])
    expect(await found(tidemark, 'NOT login')).toEqual([])
    expect(await found(tidemark, 'title:login')).toEqual([])
    expect(await found(tidemark, '-login')).toHaveLength(3)
  })

  it('does without diacritics, and finds Chinese and Japanese by any piece', async () => {
    expect(await found(tidemark, 'grosse')).toEqual([])
    expect(await found(tidemark, 'größe')).toEqual(['bug 43'])
    expect(await found(tidemark, 'GROßE')).toEqual(['bug 43'])
    expect(await found(tidemark, 'cafe')).toEqual(['bug 43'])
    for (const text of ['検索', '検', '索']) expect(await found(tidemark, text)).toEqual(['bug 43'])
    expect(await found(tidemark, '索検')).toEqual([])
  })

  it.each(['', ' ', '!!!', '"', '""', '***', '-', ':', '😀', '(()', '\u0000', '\ud83d', '"😀" - *'])('finds nothing for %j, and says what to do', async (text) => {
    expect(await tidemark.search(text)).toMatchObject({ items: [], total: 0, returned: 0, hasMore: false, nextCursor: null, hint: expect.stringContaining('letter') })
  })

  it('looks for the first 32 words of a long text, and says so', async () => {
    const { items, warnings } = await tidemark.search(`${'login '.repeat(31)}basket ${'nowhere '.repeat(1200)}`)
    expect(items.map(({ id }) => id)).toEqual([41])
    expect(warnings).toEqual(['Only the first 32 words of the text were looked for.'])
    expect(await found(tidemark, 'x'.repeat(10_000))).toEqual([])
  })

  it('keeps to entities, products and dates', async () => {
    expect(await found(tidemark, 'login', { entities: ['test', 'product'] })).toEqual(['test 30'])
    expect(await found(tidemark, 'log*', { productIds: [11] })).toEqual(['bug 42'])
    expect((await found(tidemark, 'log*', { from: '2026-10-01', to: '2026-11-01' })).toSorted()).toEqual(['bug 40', 'test 30'])
    expect(await found(tidemark, 'people', { from: '2020' })).toEqual([])
  })

  it('names unknown products, and refuses options that mean nothing, by name', async () => {
    expect((await tidemark.search('login', { productIds: [10, 777] })).warnings).toEqual(['Product 777 is not in the local copy.'])
    // @ts-expect-error -- an entity that there is not
    await expect(tidemark.search('login', { entities: ['user'] })).rejects.toMatchObject({ code: 'argument_invalid' })
    await expect(tidemark.search('login', { from: 'whenever' })).rejects.toMatchObject({ code: 'argument_invalid' })
    await expect(tidemark.search('login', { offset: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'argument_invalid' })
  })

  it('gives pages that together are the whole, by offset and by cursor', async () => {
    const whole = await found(tidemark, 'log*')
    const first = await tidemark.search('log*', { limit: 2 })
    expect(first).toMatchObject({ total: 4, returned: 2, offset: 0, hasMore: true })
    const second = await tidemark.search('log*', { limit: 2, cursor: first.nextCursor ?? '' })
    expect(second).toMatchObject({ total: 4, returned: 2, offset: 2, hasMore: false, nextCursor: null })
    expect([...first.items, ...second.items].map(({ entity, id }) => `${entity} ${id}`)).toEqual(whole)
    expect(await found(tidemark, 'log*', { offset: 3 })).toEqual(whole.slice(3))
    expect(await tidemark.search('log*', { offset: 9 })).toMatchObject({ items: [], total: 4, hint: 'The offset lies behind the last of 4 results.' })
    await expect(tidemark.search('login', { cursor: first.nextCursor ?? '' })).rejects.toMatchObject({ code: 'cursor_invalid' })
  })

  it('shows where it was found', async () => {
    const { items } = await tidemark.search('login first')
    expect(items).toEqual([{
      entity: 'test', id: 30, productId: 10, title: 'Checkout, second round', snippet: 'Pay with every card. **Login** **first**.', score: expect.any(Number), date: '2026-10-01T12:00:00.000Z',
    }])
  })

  it('never mixes customers', async () => {
    const other = await openCorpus(tidemark.storage, [{ entity: 'bug', id: 40, title: 'Login of somebody else' }], 2)
    expect((await other.search('login')).items.map(({ title }) => title)).toEqual(['Login of somebody else'])
    expect(await found(tidemark, 'somebody')).toEqual([])
    expect(await found(tidemark, 'login')).toHaveLength(3)
  })
})

describe.each(['sqljs memory', 'pglite memory'])('a word that is nearly everywhere, on %s', (name) => {
  it('is ranked as far as it is worth while, by date behind that, and every page is given', async () => {
    const many = Array.from({ length: 1_050 }, (_, index): CorpusDocument => ({
      entity: 'bug', id: index + 1, title: index === 7 ? 'The common word' : 'Bug', body: 'common '.repeat((index % 3) + 1), date: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
    }))
    await using tidemark = await openCorpus(await engineNamed(name).open(), many)
    const ids: number[] = []
    for (let offset = 0; offset < 1_050; offset += 70) {
      const { items, total, hasMore } = await tidemark.search('common', { limit: 70, offset })
      expect([total, hasMore]).toEqual([1_050, offset + 70 < 1_050])
      ids.push(...items.map(({ id }) => id))
    }
    expect(new Set(ids).size).toBe(1_050)
    expect(ids[0]).toBe(8)
    // Behind the thousand that are ranked: the oldest, newest first, but for the one with the word in its title.
    expect(ids.slice(1_000)).toEqual(Array.from({ length: 51 }, (_, index) => 51 - index).filter((id) => id !== 8))
  })
})

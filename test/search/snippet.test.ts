import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../src/search/query.ts'
import { snippet } from '../../src/search/snippet.ts'

const of = (text: string | null, query: string): string => snippet([text], parseQuery(query).terms)

describe('a snippet', () => {
  it('marks what was found, as it was written', () => {
    expect(of('The LOGIN page and the login button', 'login')).toBe('The **LOGIN** page and the **login** button')
    expect(of('Ein Café mit ÉCLAIRS', 'eclairs cafe')).toBe('Ein **Café** mit **ÉCLAIRS**')
    expect(of('Cafe\u0301 au lait', 'café')).toBe('**Café** au lait')
  })

  it('marks a phrase as one and a beginning with its whole word', () => {
    expect(of('Please sign up. Then sign the form up.', 'sign-up')).toBe('Please **sign up**. Then sign the form up.')
    expect(of('Logging out of the catalog', 'log*')).toBe('**Logging** out of the catalog')
    expect(of('製品の検索機能', '検索')).toBe('製品の**検索**機能')
  })

  it('shows the surroundings of a match that stands far behind, in whole words', () => {
    const text = `${'before '.repeat(100)}needle ${'after '.repeat(100)}`
    const shown = of(text, 'needle')
    expect(shown).toMatch(/^… (before ){5,10}\*\*needle\*\* (after )+…$/)
    expect(shown.length).toBeLessThan(220)
  })

  it('comes from the first text that has a match, else from the first text there is', () => {
    const { terms } = parseQuery('needle')
    expect(snippet([null, '', 'hay', 'a needle'], terms)).toBe('a **needle**')
    expect(snippet([null, ' ', 'hay', 'straw'], terms)).toBe('hay')
    expect(snippet([], terms)).toBe('')
  })

  it('cuts no character in two, however long a word is', () => {
    const shown = of(`needle ${'😀'.repeat(300)}`, 'needle')
    expect(shown).not.toMatch(/\p{Surrogate}/u)
    expect(of(`${'😀'.repeat(301)} needle`, 'needle')).not.toMatch(/\p{Surrogate}/u)
    expect(of('x'.repeat(5_000), 'x*').length).toBeLessThan(5_010)
  })

  it('puts white space in order and leaves the rest as it is', () => {
    expect(of('  <b>needle</b>\n\n **hay** ', 'needle')).toBe('<b>**needle**</b> **hay**')
  })
})

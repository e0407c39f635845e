import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { databaseUrlForPeople, databaseUrlOf, parseDatabaseUrl } from '../../adapters/node/database-url.ts'

const here = path.resolve('/some/where')

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite::memory:', { engine: 'sqlite', file: null }],
    ['sqlite:./a/b.db', { engine: 'sqlite', file: path.join(here, 'a/b.db') }],
    ['sqlite:b.db', { engine: 'sqlite', file: path.join(here, 'b.db') }],
    [`sqlite:${path.join(here, 'c d.db')}`, { engine: 'sqlite', file: path.join(here, 'c d.db') }],
    ['pglite:memory', { engine: 'pglite', dir: null }],
    ['pglite:./memory', { engine: 'pglite', dir: path.join(here, 'memory') }],
    ['pglite:./folder', { engine: 'pglite', dir: path.join(here, 'folder') }],
    ['postgres://me:pw@db:5432/x', { engine: 'postgres', url: 'postgres://me:pw@db:5432/x' }],
    ['postgresql://db/x', { engine: 'postgres', url: 'postgresql://db/x' }],
  ])('reads %s', (url, expected) => {
    expect(parseDatabaseUrl(url, here)).toEqual(expected)
  })

  it.each(['mysql://root:hunter2@db/x', 'sqlite:', 'pglite:', './tidemark.db', '', 'file:x.db', 'postgres://me:hun ter2@:x'])('refuses %j with the list of known ones', (url) => {
    expect(() => parseDatabaseUrl(url, here)).toThrow(expect.objectContaining({ code: 'database_url_unknown', next: expect.stringMatching(/sqlite:.*pglite:.*postgres:/) }))
    expect(() => parseDatabaseUrl(url, here)).not.toThrow(/hunter2|hun ter2/)
  })

  it('is understood again in its full form', () => {
    for (const url of ['sqlite::memory:', 'sqlite:./a.db', 'pglite:memory', 'pglite:./memory', 'postgres://me:pw@db/x?sslmode=require']) {
      const location = parseDatabaseUrl(url, here)
      expect(parseDatabaseUrl(databaseUrlOf(location), '/elsewhere')).toEqual(location)
    }
  })
})

describe('databaseUrlForPeople', () => {
  it.each([
    ['postgres://me:pw@db:5432/x?password=pw2&sslmode=require', 'postgres://db:5432/x'],
    ['postgresql://me@db/x', 'postgresql://db/x'],
    ['sqlite::memory:', 'sqlite::memory:'],
    ['sqlite:./a.db', `sqlite:${path.join(here, 'a.db')}`],
  ])('shows %s as %s', (url, expected) => {
    expect(databaseUrlForPeople(parseDatabaseUrl(url, here))).toBe(expected)
  })
})

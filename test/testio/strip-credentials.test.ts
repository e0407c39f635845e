import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stripCredentials } from '../../src/testio/strip-credentials.ts'
import { processorMsOf } from '../support/processor-time.ts'
import { bugs, test } from './samples.ts'

const environment = {
  id: 30551, title: 'Staging', url: 'https://admin:hunter2@staging.example/path?q=1#top', username: 'admin', password: 'hunter2',
  access: 'Log in as admin / hunter2, or at https://staging.example/magic?key=hunter2', access_type: 'url', proxy: false, allow_orders: true,
  environment_test_information: { id: 1, page_url: 'https://admin:hunter2@staging.example/info', description: null, data_type: 'custom' },
  binary_app: { id: 2, filename: 'app.apk', file_size: 10, url: 'https://admin:hunter2@files.example/app.apk' },
}
const clean = {
  id: 30551, title: 'Staging', url: 'https://staging.example/path?q=1#top', access_type: 'url', proxy: false, allow_orders: true,
  environment_test_information: { id: 1, page_url: 'https://staging.example/info', description: null, data_type: 'custom' },
  binary_app: { id: 2, filename: 'app.apk', file_size: 10, url: 'https://files.example/app.apk' },
}

describe('inside an environment', () => {
  it('username, password, access and user-info go, and the rest stays', () => {
    expect(stripCredentials({ exploratory_test: { id: 1, test_environment: environment } })).toEqual({ exploratory_test: { id: 1, test_environment: clean } })
  })

  it.each(['test_environment', 'test_environments', 'environment', 'environments', 'Test_Environment'])('the key may be %s, at any depth', (key) => {
    expect(stripCredentials([{ a: [{ b: { [key]: environment } }] }])).toEqual([{ a: [{ b: { [key]: clean } }] }])
    expect(stripCredentials({ [key]: [[environment], null] })).toEqual({ [key]: [[clean], null] })
  })

  it('what is nested in it is stripped too, and the case of a key does not matter', () => {
    expect(stripCredentials({ environment: { id: 1, extra: { Password: 'x', list: [{ USERNAME: 'y', access: { text: 'z' }, id: 3 }] } } }))
      .toEqual({ environment: { id: 1, extra: { list: [{ id: 3 }] } } })
  })

  it.each([
    ['https://user:pass@host.example', 'https://host.example'],
    ['https://user@host.example/', 'https://host.example/'],
    ['https://user:p@ss@host.example/', 'https://host.example/'],
    ['https://user:pa/ss@host.example/', 'https://host.example/'],
    ['https://user:my pass@host.example/x', 'https://host.example/x'],
    ['HTTPS://user:pass@host.example', 'HTTPS://host.example'],
    ['https:\\\\user:pass@host.example', 'https:\\\\host.example'],
    ['https:user:pass@host.example', 'host.example'],
    ['//user:pass@host.example', '//host.example'],
    ['user:pass@host.example/x', 'host.example/x'],
    ['Staging (user:pass@host.example)', 'Staging (host.example)'],
    ['ftp://user:pass@host.example and sftp://user:pass@other.example', 'ftp://host.example and sftp://other.example'],
    ['https://medium.example/@writer', 'https://medium.example/@writer'],
    ['Ask qa@host.example', 'Ask qa@host.example'],
  ])('%s becomes %s', (sent, expected) => {
    expect(stripCredentials({ environment: { url: sent } })).toEqual({ environment: { url: expected } })
    expect(stripCredentials({ environment: sent })).toEqual({ environment: expected })
  })
})

describe('outside of environments', () => {
  it('keys of the same names stay', () => {
    const json = { username: 'a', password: 'b', access: 'c', report: { access: ['d'] } }
    expect(stripCredentials(json)).toEqual(json)
  })

  it('user-info goes from every URL in every text', () => {
    expect(stripCredentials({ location: 'https://a:b@host.example/x', steps: ['Open https://a:b@host.example, then http://c@host.example/y', 'Mail qa@host.example'] }))
      .toEqual({ location: 'https://host.example/x', steps: ['Open https://host.example, then http://host.example/y', 'Mail qa@host.example'] })
  })

  it.each(['https://host.example/@name', 'https://host.example?mail=a@b.example', 'a@b.example', 'see https://host.example or a@b.example', '12:30@noon'])(
    'the text %s stays as it is', (text) => {
      expect(stripCredentials({ text })).toEqual({ text })
    },
  )
})

describe('always', () => {
  it('the given value is left as it was', () => {
    const given = { test_environment: structuredClone(environment), location: 'https://a:b@host.example' }
    const before = structuredClone(given)
    stripCredentials(given)
    expect(given).toEqual(before)
  })

  it('the samples keep everything else', () => {
    const { username: _u, password: _p, access: _a, ...kept } = test.exploratory_test.test_environment
    expect(stripCredentials(test)).toEqual({ exploratory_test: { ...test.exploratory_test, test_environment: kept } })
    expect(JSON.stringify(stripCredentials(bugs))).not.toMatch(/"(username|password|access)"/)
  })

  it.each(['a', 'https:', '://', 'a:', '(a:', 'a@', ' ', '/', ':/'])('a long text of %j takes no long time', async (piece) => {
    const text = `${piece.repeat(300_000 / piece.length)} @`
    expect(await processorMsOf(() => stripCredentials({ text, environment: { title: text } }))).toBeLessThan(3_000)
  })

  it('a key __proto__ stays a plain key', () => {
    const json: unknown = JSON.parse('{"__proto__": {"polluted": true}, "environment": {"__proto__": {"password": "x"}}}')
    const stripped = stripCredentials(json) as { polluted?: boolean }
    expect(stripped.polluted).toBeUndefined()
    expect(JSON.stringify(stripped)).toBe('{"__proto__":{"polluted":true},"environment":{"__proto__":{}}}')
  })

  it('no secret survives anywhere in an environment, wherever the environment stands', () => {
    const secret = fc.constantFrom('s3cr3t-word', 'p@ss s3cr3t', 'sl/s3cr3t')
    const hiding = secret.chain((word) => fc.constantFrom<unknown>(
      { username: word }, { password: word }, { access: `Use ${word}` }, { access: { text: [word] } }, { Password: [word] },
      { url: `https://user:${word}@host.example/` }, { url: `https://${word.replace('/', '')}@host.example:8080/a?b` }, { page_url: ` //user:${word}@host.example` },
      { nested: [{ more: { password: word, url: `http://u:${word}@h.example` } }] },
    ))
    const around = (inner: unknown): fc.Arbitrary<unknown> => fc.tuple(
      fc.constantFrom('environment', 'test_environment', 'test_environments'),
      fc.array(fc.oneof(fc.constantFrom('bug', 'list', 'environment', 'product')), { maxLength: 4 }),
      fc.jsonValue({ maxDepth: 2 }),
    ).map(([key, path, other]) => path.reduce<unknown>((value, step) => (step === 'list' ? [other, value] : { other, [step]: value }), { [key]: inner }))
    fc.assert(fc.property(hiding.chain(around), (json) => {
      expect(JSON.stringify(stripCredentials(json))).not.toContain('s3cr3t')
    }))
  })

  it('what holds neither an environment nor an @ comes out as it went in', () => {
    const plain = fc.jsonValue({ maxDepth: 3 }).filter((json) => !/@|environment/i.test(JSON.stringify(json)))
    fc.assert(fc.property(plain, (json) => { expect(stripCredentials(json)).toBe(json) }))
  })
})

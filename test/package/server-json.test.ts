/**
 * `server.json`, by which the official registry of MCP servers finds the package. Checked against the rules of its schema of
 * 2025-12-11, written down here as far as they concern what is in the file, so that it needs no network; stricter than
 * the schema in one way: nothing else may be in it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { places } from '../../adapters/node/config-places.ts'
import { commands } from '../../adapters/cli/program.ts'
import { manifest, root } from './consumer.ts'

const text = (maximum: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maximum))
const exactVersion = v.pipe(text(255), v.regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/))
const input = {
  description: v.optional(v.string()), isRequired: v.optional(v.boolean()), isSecret: v.optional(v.boolean()), default: v.optional(v.string()),
  format: v.optional(v.picklist(['string', 'number', 'boolean', 'filepath'])), value: v.optional(v.string()), choices: v.optional(v.array(v.string())),
}
const serverJson = v.strictObject({
  $schema: v.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: v.pipe(v.string(), v.minLength(3), v.maxLength(200), v.regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)),
  title: v.optional(text(100)),
  description: text(100),
  version: exactVersion,
  packages: v.array(
    v.strictObject({
      registryType: v.literal('npm'),
      registryBaseUrl: v.literal('https://registry.npmjs.org'),
      identifier: v.string(),
      version: exactVersion,
      runtimeHint: v.literal('npx'),
      transport: v.strictObject({ type: v.literal('stdio') }),
      packageArguments: v.array(v.strictObject({ type: v.literal('positional'), ...input, value: v.string() })),
      environmentVariables: v.array(v.strictObject({ name: v.string(), ...input })),
    }),
  ),
})

const file: unknown = JSON.parse(readFileSync(join(root, 'server.json'), 'utf8'))

describe('server.json', () => {
  it('keeps the rules of the registry', () => {
    expect(v.safeParse(serverJson, file).issues?.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)).toBeUndefined()
  })

  it('names the package, its version and its command as they are', () => {
    const { name, version, packages } = v.parse(serverJson, file)
    expect({ name, version }).toStrictEqual({ name: manifest.mcpName, version: manifest.version })
    expect(packages.map(({ identifier, version: of }) => ({ identifier, of }))).toStrictEqual([{ identifier: manifest.name, of: manifest.version }])
    expect(commands.map((command) => command.name)).toContain(packages[0]?.packageArguments[0]?.value)
  })

  it('asks only for settings that there are, and for the token as a secret', () => {
    const variables = v.parse(serverJson, file).packages.flatMap(({ environmentVariables }) => environmentVariables)
    const known = Object.values(places).map(({ env }) => env)
    expect(known).toEqual(expect.arrayContaining(variables.map(({ name }) => name)))
    expect(variables.filter(({ name }) => /TOKEN|PASSWORD|SECRET/.test(name)).map(({ isSecret }) => isSecret)).toStrictEqual([true])
  })
})

/**
 * A peer's process. Without arguments it answers requests: a line of JSON in, a line out on the fourth pipe. With a folder
 * of revisions and a database it brings that to head and ends, for tools that have no command of their own.
 */
import { readFileSync, readdirSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

/**
 * @param {string} tool name of its package
 * @param {Record<string, (request: any) => Promise<object>>} handlers by what is asked
 */
export async function serve(tool, handlers) {
  const [history, database] = process.argv.slice(2)
  if (history !== undefined) return handlers.upgrade({ history, database })
  const answer = (value) => writeSync(3, `${JSON.stringify(value)}\n`)
  const sqlite = new Database(':memory:').prepare('select sqlite_version()').pluck().get()
  answer({ tool: versionOf(tool), engines: { sqlite: `${versionOf('better-sqlite3')}, native SQLite ${sqlite}`, postgres: 'pg' } })
  for await (const line of createInterface({ input: process.stdin })) {
    const { ask, ...request } = JSON.parse(line)
    await handlers[ask](request).then(answer, (error) => answer({ error: String(error?.message ?? error) }))
  }
}

/** Milliseconds. */
export async function time(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const loaded = new Map()

/** The modules of a folder by their names without the extension; read once. */
export async function modulesOf(folder) {
  if (!loaded.has(folder)) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort()
    loaded.set(folder, await Promise.all(names.map(async (name) => [name.replace(/\.mjs$/, ''), await import(pathToFileURL(`${folder}/${name}`).href)])))
  }
  return Object.fromEntries(loaded.get(folder))
}

export function isPostgres(database) {
  return database.startsWith('postgres')
}

function versionOf(name) {
  const path = createRequire(import.meta.url).resolve.paths(name)[0]
  return `${name} ${JSON.parse(readFileSync(`${path}/${name}/package.json`, 'utf8')).version}`
}

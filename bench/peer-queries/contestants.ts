/**
 * Who is asked: the library, statements written by hand, and mappers, each on sql.js and, where it can, on the native better-sqlite3.
 * All but the library read a copy of the same tables, without payloads and search, that has been analysed.
 */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { executedStatuses } from '../../src/model/test-status.ts'
import { handWritten as figureStatements } from '../analytics/hand-written.ts'
import { handWritten as listStatements } from '../lists/hand-written.ts'
import { benchCustomer, benchNow } from '../support/account.ts'
import type { BenchAccount } from '../support/accounts.ts'
import type { HandStatement } from '../support/hand-runner.ts'
import { rawCopy } from '../support/raw-sqlite.ts'
import { askTidemark, type Question } from './questions.ts'

export interface Contestant {
  readonly name: string
  readonly engine: 'sql.js' | 'better-sqlite3'
  ask(question: Question): Promise<unknown>
  /** How many statements it takes, when it is asked once more. */
  count(question: Question): Promise<number>
}

export interface Contestants extends AsyncDisposable {
  /** The library first. */
  readonly all: readonly Contestant[]
}

/** What a file of `bench/peers/queries` gives. */
interface OpenPeer {
  readonly answers: Readonly<Record<Question, () => Promise<unknown>>>
  /** Statements since the last call. */
  takeCount(): number
  close(): Promise<void>
}

// The bench is started by npm, in the folder of the project.
const peersFolder = resolve('bench/peers')

const peers = [
  { name: 'raw SQL', script: 'better-sqlite3.mjs', engines: ['better-sqlite3'] },
  { name: 'Drizzle', script: 'drizzle.mjs', engines: ['sql.js', 'better-sqlite3'] },
  { name: 'TypeORM', script: 'typeorm.mjs', engines: ['sql.js', 'better-sqlite3'] },
] as const

/** Why they cannot be asked here; undefined when they can. */
export async function missingPeers(): Promise<string | undefined> {
  const folders = ['better-sqlite3', 'drizzle-orm', 'typeorm'].map((name) => join(peersFolder, 'node_modules', name))
  return Promise.all(folders.map((path) => access(path))).then(() => undefined, () => 'its peers are not installed: npm run bench:peers')
}

/** @param account the one on sql.js */
export async function openContestants(account: BenchAccount): Promise<Contestants> {
  const statements = statementsByHand()
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  const file = join(folder, 'account.db')
  await writeAnalysed(account, file)
  const opened: { readonly name: string; readonly engine: Contestant['engine']; readonly peer: OpenPeer }[] = []
  for (const { name, script, engines } of peers) {
    const module: { open(options: object): Promise<OpenPeer> } = await import(pathToFileURL(join(peersFolder, 'queries', script)).href)
    for (const engine of engines) opened.push({ name, engine, peer: await module.open({ engine, file, statements, ...constants }) })
  }
  return {
    all: [
      {
        name: 'Tidemark', engine: 'sql.js',
        ask: (question) => askTidemark(account.tidemark, question),
        count: async (question) => (await account.count(() => askTidemark(account.tidemark, question)))['statements'] ?? Number.NaN,
      },
      {
        name: 'raw SQL', engine: 'sql.js',
        async ask(question) {
          const answers: unknown[] = []
          for (const statement of statements[question]) answers.push(await account.byHand(statement))
          return answers
        },
        count: async (question) => statements[question].length,
      },
      ...opened.map(({ name, engine, peer }): Contestant => ({
        name, engine,
        ask: (question) => peer.answers[question](),
        async count(question) {
          peer.takeCount()
          await peer.answers[question]()
          return peer.takeCount()
        },
      })),
    ],
    async [Symbol.asyncDispose]() {
      for (const { peer } of opened) await peer.close()
      await rm(folder, { recursive: true })
    },
  }
}

const daysBefore = (days: number): string => new Date(benchNow - days * 86_400_000).toISOString()
const constants = { customerId: benchCustomer, executed: executedStatuses, from30: daysBefore(30), from90: daysBefore(90), now: daysBefore(0) }

function statementsByHand(): Readonly<Record<Question, readonly HandStatement[]>> {
  const lists = listStatements('sqlite')
  const figures = figureStatements('sqlite')
  return {
    'products.list': lists['products.list'],
    'tests.list, 50 rows': lists['tests.list, 50 rows'],
    'tests.list, 50 rows with bug counts': lists['tests.list, 50 rows with bug counts'],
    'bugs by severity': [{ sql: figures['bugs by severity'] }],
    'bugs, rejection rate by month': [{ sql: figures['bugs, rejection rate by month'] }],
    'bugs by platform': [{ sql: figures['bugs by platform'] }],
    'bugs by feature': [{ sql: figures['bugs by feature'] }],
  }
}

/** An ordinary SQLite file, with the statistics that a program of its own would have. */
async function writeAnalysed({ storage }: BenchAccount, file: string): Promise<void> {
  const raw = await rawCopy(storage)
  raw.run('analyze')
  await writeFile(file, raw.export())
  raw.close()
}

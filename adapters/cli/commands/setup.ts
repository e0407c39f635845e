/** `tidemark setup`: asks for what the other commands need, tries it, and writes it to a file that only its owner can read. */
import path from 'node:path'
import type { Command } from 'commander'
import * as v from 'valibot'
import writeFileAtomic from 'write-file-atomic'
import { isTidemarkError, TidemarkError } from '../../../src/errors.ts'
import { isObject } from '../../../src/is-object.ts'
import { createTestioClient } from '../../../src/testio/client.ts'
import { readConfigFile } from '../../node/config-file.ts'
import { settingSchemas } from '../../node/config-values.ts'
import { defaultDatabaseFile } from '../../node/data-directory.ts'
import { parseDatabaseUrl } from '../../node/database-url.ts'
import { clientsNamed, connectClients, connectedText, offerClients } from '../clients/offer-clients.ts'
import type { AiClient } from '../clients/ai-client.ts'
import { aiClients } from '../clients/ai-clients.ts'
import { textsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { openStorage } from '../open-storage.ts'
import { questionsOf, type Questions } from '../questions.ts'
import { closing } from '../session.ts'

const jsonName = 'tidemark.config.json'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(`Asks for the API token, the customer and the database, tries them, and writes them to ${jsonName} (readable by you alone).`)
    .option('--client <names>', `with settings that are there already: add the server to these AI clients (${aiClients.map(({ key }) => key).join(', ')})`, textsValue)
    .addHelpText('after', examples(['tidemark setup', 'tidemark setup --config ~/.tidemark.json', 'tidemark setup --client cursor,codex']))
    .action(async () => {
      const target = path.resolve(invocation.io.cwd, invocation.flags.config ?? jsonName)
      const { client } = command.opts<{ readonly client?: readonly string[] }>()
      if (client !== undefined) return onlyClients(invocation, clientsNamed(client), target)
      const questions = await questionsOf(invocation)
      if (questions === undefined) throw nobodyThere()
      const before = await existingValues(invocation, target)
      const answers = await askUntilItWorks(invocation, questions, before, path.dirname(target))
      const testio = { ...(isObject(before['testio']) ? before['testio'] : {}), token: answers.token, ...(answers.baseUrl === undefined ? {} : { baseUrl: answers.baseUrl }) }
      const values = { ...before, database: answers.database, customerId: answers.customerId, testio }
      await writeFileAtomic(target, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 })
      const clients = await offerClients(invocation, questions, target)
      if (invocation.flags.json === true) return invocation.printJson({ path: target, clients })
      invocation.print(
        `Wrote ${target}. It holds your token: keep it out of version control.\n${connectedText(clients)}`
        + `Now run tidemark sync${invocation.flags.config === undefined ? '' : ` --config ${invocation.flags.config}`}.\n`,
      )
    })
}

/** For settings that are there: nobody has to answer. */
async function onlyClients(invocation: Invocation, chosen: readonly AiClient[], target: string): Promise<void> {
  const { flags, io } = invocation
  const file = await readConfigFile(io.cwd, 'tidemark', flags.config)
  if (file.path === null) throw nothingToPointAt(target)
  const clients = await connectClients(invocation, chosen, file.path)
  if (flags.json === true) return invocation.printJson({ path: file.path, clients })
  invocation.print(connectedText(clients))
}

type Values = Readonly<Record<string, unknown>>

interface Answers {
  readonly token: string
  readonly baseUrl: string | undefined
  readonly customerId: number
  readonly database: string
}

/** What the file to be written holds already; its other settings are kept. */
async function existingValues(invocation: Invocation, target: string): Promise<Values> {
  const found = invocation.flags.config === undefined ? (await readConfigFile(path.dirname(target), 'tidemark')).path : null
  if (found !== null && found !== target) throw strongerFile(path.basename(found))
  const file = await readConfigFile(path.dirname(target), 'tidemark', target)
  if (file.path !== null && (file.mistake !== null || !isObject(file.values))) throw unreadable(target, file.mistake)
  return file.path !== null && isObject(file.values) ? file.values : {}
}

async function askUntilItWorks(invocation: Invocation, questions: Questions, before: Values, folder: string): Promise<Answers> {
  for (;;) {
    const answers = await ask(invocation, questions, before)
    invocation.protect([answers.token])
    invocation.note('Trying the token and the database …')
    const problems = [...(await problemOf(() => tryApi(invocation, answers))), ...(await problemOf(() => tryDatabase(answers, folder)))]
    if (problems.length === 0) return answers
    for (const problem of problems) invocation.note(`${invocation.err.style('yellow', problem.what)}\n  ${problem.why}\n  ${problem.next}`)
    const choice = await questions.choose('That did not work. What now?', [
      { value: 'again', label: 'Answer again' },
      { value: 'save', label: 'Save it all the same' },
      { value: 'stop', label: 'Stop without saving' },
    ])
    if (choice === 'save') return answers
    if (choice === 'stop') throw stopped()
  }
}

async function ask({ io }: Invocation, questions: Questions, before: Values): Promise<Answers> {
  const old = isObject(before['testio']) ? before['testio'] : {}
  const known = typeof old['token'] === 'string' ? old['token'] : undefined
  const token = await questions.secret(`API token (TestIO: Integrations → API)${known === undefined ? '' : '; leave it empty to keep the one you have'}`, {
    validate: (text) => (text === '' && known !== undefined ? undefined : mistakeIn(settingSchemas.token, text)),
  })
  const customer = await questions.text('Number of the customer account, a label of your own', {
    initial: typeof before['customerId'] === 'number' ? String(before['customerId']) : '1',
    validate: (text) => mistakeIn(settingSchemas.customerId, text),
  })
  const database = await questions.text('Database', {
    initial: typeof before['database'] === 'string' ? before['database'] : `sqlite:${defaultDatabaseFile()}`,
    validate: mistakeInDatabase,
  })
  return {
    token: token.trim() === '' ? (known ?? '') : token.trim(),
    baseUrl: io.env['TESTIO_API_BASE_URL']?.trim() || (typeof old['baseUrl'] === 'string' ? old['baseUrl'] : undefined),
    customerId: Number(customer),
    database: database.trim(),
  }
}

async function tryApi({ io }: Invocation, { token, baseUrl }: Answers): Promise<void> {
  await createTestioClient({ token, baseUrl }).probe({ signal: io.signal })
}

async function tryDatabase({ database }: Answers, folder: string): Promise<void> {
  await closing(await openStorage(parseDatabaseUrl(database, folder)), (storage) => storage.query({ sql: 'select 1 as one' }))
}

async function problemOf(work: () => Promise<void>): Promise<readonly TidemarkError[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (!isTidemarkError(error) || error.code === 'aborted') throw error
    return [error]
  }
}

function mistakeIn(schema: v.GenericSchema<unknown>, text: string): string | undefined {
  const { issues } = v.safeParse(schema, text)
  return issues === undefined ? undefined : `It ${issues[0].message}.`
}

function mistakeInDatabase(url: string): string | undefined {
  try {
    parseDatabaseUrl(url.trim(), '.')
    return undefined
  } catch (error) {
    if (!isTidemarkError(error, 'database_url_unknown')) throw error
    return `${error.why} ${error.next}`
  }
}

function nobodyThere(): TidemarkError {
  return new TidemarkError('configuration_invalid', 'Cannot ask for the settings', {
    why: 'There is no terminal to ask on.',
    next: `Set TESTIO_API_TOKEN, TIDEMARK_CUSTOMER_ID and TIDEMARK_DATABASE_URL, or write a ${jsonName}.`,
  })
}

function nothingToPointAt(target: string): TidemarkError {
  return new TidemarkError('configuration_invalid', 'Cannot set up a client', {
    why: `There is no ${target} that it could use.`,
    next: 'Run tidemark setup first, or name your settings with --config.',
  })
}

function strongerFile(name: string): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot write ${jsonName}`, {
    why: `There is a ${name} here, which is stronger: what was written would not be used.`,
    next: `Change ${name} by hand, or remove it first.`,
  })
}

function unreadable(target: string, mistake: string | null): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot change ${target}`, {
    why: `${mistake ?? 'It does not give an object'}.`,
    next: 'Correct or remove it, then run tidemark setup again.',
  })
}

function stopped(): TidemarkError {
  return new TidemarkError('aborted', 'Stopped', { why: 'Nothing was saved.', next: 'Run tidemark setup again when you have what it asks for.' })
}

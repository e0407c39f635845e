/**
 * Follows a guide as its reader would, in an empty folder: code blocks that name a file are written, commands are run, and
 * what they print is put into the text blocks behind them. Whoever compares the result with the page learns whether the
 * page tells the truth.
 *
 * Conventions: "```ts schema.ts" writes that file; a line `npx tidemark …` in a `sh` block is run, `# exit 5` behind it is
 * the exit code that it must have; a `text` block that follows takes the output. `<!-- sql: … -->` prepares the database,
 * and `<!-- edit FILE: /a/b/ -->` is the edit of a file that the text describes.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { run } from '../cli/capture.ts'
import { freshFolder } from '../support/engines.ts'
import { Stable } from './stable-text.ts'

const block = /^```(\w+)(?: (\S+))?\n([^]*?)^```$|^<!-- (sql|edit \S+): ([^]*?) -->$/gm

export async function walkthrough(page: string): Promise<string> {
  const cwd = await freshFolder()
  const stable = new Stable(cwd)
  let output: string | undefined
  let told = ''
  let end = 0
  for (const match of page.matchAll(block)) {
    const [whole, language, file, body = '', hidden, argument = ''] = match
    told += page.slice(end, match.index)
    end = match.index + whole.length
    if (language === 'text' && output !== undefined) {
      told += `\`\`\`text\n${output.trimEnd()}\n\`\`\``
      output = undefined
      continue
    }
    told += whole
    if (hidden === 'sql') await prepare(path.join(cwd, 'app.db'), argument)
    else if (hidden !== undefined) await edit(await sameFile(path.join(cwd, stable.actual(hidden.replace('edit ', '')))), argument)
    else if (file !== undefined) await write(await sameFile(path.join(cwd, stable.actual(file))), stable.actual(body))
    else if (language === 'sh') output = await commands(body, cwd, stable)
  }
  return told + page.slice(end)
}

async function commands(body: string, cwd: string, stable: Stable): Promise<string> {
  let output = ''
  for (const line of body.trim().split('\n')) {
    const [, command, code = '0'] = /^npx tidemark (.*?)(?:\s+# exit (\d))?(?:\s+#.*)?$/.exec(line) ?? []
    // The reader installs; here the package is this checkout.
    if (command === undefined) continue
    const ran = await run(words(stable.actual(command)), { cwd, terminal: undefined })
    expect(ran.code, `${line}\n${ran.stdout}${ran.stderr}`).toBe(Number(code))
    output += ran.stdout + ran.stderr
  }
  return stable.told(output)
}

function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

async function prepare(file: string, sql: string): Promise<void> {
  await using storage = await sqljs({ file })
  for (const statement of sql.split(/;\s*\n/)) if (statement.trim() !== '') await storage.query({ sql: statement })
}

async function edit(file: string, argument: string): Promise<void> {
  const [, from = '', to = ''] = /^\/(.*)\/(.*)\/$/s.exec(argument) ?? []
  const text = await readFile(file, 'utf8')
  expect(text).toContain(from)
  await writeFile(file, text.replace(from, () => to))
}

/** The file of that name, whatever the moment in it. */
async function sameFile(file: string): Promise<string> {
  const timeless = (name: string): string => name.replace(/^\d{8}_\d{4}_/, '')
  const names = await readdir(path.dirname(file)).catch(() => [])
  return path.join(path.dirname(file), names.find((name) => timeless(name) === timeless(path.basename(file))) ?? path.basename(file))
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

/**
 * The machine of somebody who follows a page: an empty folder that is also their home, an environment, programs that stay
 * running, ports that are free here whatever the page calls them. Commands of ours run in this process where no shell is
 * needed, which takes a tenth of the time.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { build } from 'esbuild'
import { expect, vi } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Questions } from '../../adapters/cli/questions.ts'
import { run } from '../cli/capture.ts'
import { freshFolder } from '../support/engines.ts'
import { runInPage } from './program-in-page.ts'
import { ServerDatabase } from './server-database.ts'
import { Stable } from './stable-text.ts'

/** Has the simulated account, and wants its copy here. */
const person: Partial<Questions> = {
  secret: async () => 'simulated-token',
  text: async (question) => (question === 'Database' ? 'sqlite:./tidemark.db' : '1'),
  confirm: async () => false,
}

export class PageWorld implements AsyncDisposable {
  readonly folder: string
  readonly #package: () => Promise<string>
  readonly #stable: Stable
  readonly #env: Record<string, string>
  readonly #ports = new Map<string, string>()
  readonly #running: ChildProcess[] = []
  #hasPackage = false
  #server: ServerDatabase | undefined

  private constructor(folder: string, sourcePackage: () => Promise<string>) {
    this.folder = folder
    this.#package = sourcePackage
    this.#stable = new Stable(folder)
    const data = path.join(folder, '.local/share')
    this.#env = { HOME: folder, XDG_DATA_HOME: data, PATH: `${path.join(folder, '.bin')}:${process.env['PATH']}` }
    // For what runs in this process.
    vi.stubEnv('XDG_DATA_HOME', data)
  }

  static async open(sourcePackage: () => Promise<string>): Promise<PageWorld> {
    return new PageWorld(await freshFolder(), sourcePackage)
  }

  /** As the page has it: the same on every run. */
  told(text: string): string {
    let told = this.#stable.told(text)
    for (const [name, actual] of this.#ports) told = told.replaceAll(`:${actual}`, `:${name}`)
    return told
  }

  async write(name: string, text: string): Promise<void> {
    const file = await this.#fileNamed(name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, await this.#actual(text))
  }

  /** @param change `/what is there/what comes instead/` */
  async edit(name: string, change: string): Promise<void> {
    const file = await this.#fileNamed(name)
    const [, from = '', to = ''] = /^\/(.*)\/(.*)\/$/s.exec(change) ?? []
    const text = await readFile(file, 'utf8')
    expect(text).toContain(from)
    await writeFile(file, text.replace(from, () => to))
  }

  /** Statements for the SQLite file of a project. */
  async prepareProject(sql: string): Promise<void> {
    await using storage = await sqljs({ file: path.join(this.folder, 'app.db') })
    for (const statement of sql.split(/;\s*\n/)) if (statement.trim() !== '') await storage.query({ sql: statement })
  }

  /** Statements for the owner of a database `tidemark` on a PostgreSQL server; programs find it by `DATABASE_URL`. */
  async onServer(sql: string): Promise<void> {
    this.#env['DATABASE_URL'] = await this.#serverUrl()
    await this.#server?.run(sql)
  }

  /** One command, as it is typed. Gives what it printed. */
  async command(line: string, code: number): Promise<string> {
    const typed = await this.#actual(line)
    const [, assignments] = /^export (.*)$/.exec(typed) ?? []
    if (assignments !== undefined) return this.#export(assignments)
    const ours = /^(?:npx )?tidemark(?: |$)(.*)$/.exec(typed)?.[1]
    if (ours !== undefined && /^(simulate|serve --http)\b/.test(ours)) return this.#start(ours)
    const { code: ended, stdout, stderr } = ours === undefined || needsShell(ours)
      ? await this.#shell(typed)
      : await run(words(ours), { cwd: this.folder, env: this.#env, questions: ours === 'setup' ? person : undefined })
    expect(ended, `${line}\n${stdout}${stderr}`).toBe(code)
    return stdout + stderr
  }

  /** Runs them as one program, and gives what each of them printed. */
  async program(pieces: readonly string[]): Promise<readonly string[]> {
    await this.#install()
    if (pieces.some((piece) => piece.includes(`'tidemark/browser'`))) return runInPage(path.join(this.folder, 'page.ts'), pieces)
    const mark = (index: number): string => `\u0001${index}\u0001`
    const contents = (await Promise.all(pieces.map(async (piece, index) => `${await this.#actual(piece)}\nconsole.log(${JSON.stringify(mark(index))})`))).join('\n')
    await build({ stdin: { contents, resolveDir: this.folder, loader: 'ts' }, outfile: path.join(this.folder, 'page.mjs'), bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' })
    const { code, stdout, stderr } = await this.#shell('node page.mjs')
    expect(code, `${contents}\n${stdout}${stderr}`).toBe(0)
    let left = stdout
    return pieces.map((_, index) => {
      const [printed = '', ...rest] = left.split(`${mark(index)}\n`)
      left = rest.join('')
      return printed
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null) continue
      const ended = once(child, 'exit')
      child.kill()
      await ended
    }
    await this.#server?.[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
  }

  /** A value `…` stands for what the reader has, and so does the password of a server. */
  async #export(assignments: string): Promise<string> {
    for (const assignment of words(assignments)) {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(assignment) ?? []
      if (value.startsWith('postgres://')) this.#env[name] = await this.#serverUrl()
      else if (value !== '…') this.#env[name] = value
    }
    return ''
  }

  /** Ports and revision ids of this run for those of the page. */
  async #actual(text: string): Promise<string> {
    for (const [name] of text.matchAll(portNumbers)) if (!this.#ports.has(name)) this.#ports.set(name, await freePort())
    return this.#stable.actual(text).replace(portNumbers, (name) => this.#ports.get(name) ?? name)
  }

  /** The file of that name, whatever the moment in it. */
  async #fileNamed(name: string): Promise<string> {
    const file = path.join(this.folder, this.#stable.actual(name))
    const timeless = (text: string): string => text.replace(/^\d{8}_\d{4}_/, '')
    const names = await readdir(path.dirname(file)).catch(() => [])
    return path.join(path.dirname(file), names.find((other) => timeless(other) === timeless(path.basename(file))) ?? path.basename(file))
  }

  async #serverUrl(): Promise<string> {
    this.#server ??= await ServerDatabase.open()
    return this.#server.url
  }

  /** Resolves with what it says when it is ready. */
  async #start(argv: string): Promise<string> {
    await this.#install()
    const port = argv.startsWith('serve') && !argv.includes('--port') ? ` ${await this.#actual('--port 3000')}` : ''
    const child = spawn('npx', ['tidemark', ...words(argv + port)], { cwd: this.folder, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#running.push(child)
    let output = ''
    return new Promise((resolve, reject) => {
      const hear = (data: Buffer): void => {
        output += data.toString()
        if (/Stop it with Ctrl\+C\.\n[^]*\n$/.test(output)) resolve(output)
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', () => reject(new Error(`${argv} has ended: ${output}`)))
    })
  }

  async #shell(typed: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    await this.#install()
    return new Promise((resolve) => {
      execFile('sh', ['-c', typed], { cwd: this.folder, env: this.#env }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }))
    })
  }

  /** What `npm install tidemark` brings: the package, and a command that `npx` finds. */
  async #install(): Promise<void> {
    if (this.#hasPackage) return
    this.#hasPackage = true
    const [modules, bin, installed] = [path.join(this.folder, 'node_modules'), path.join(this.folder, '.bin'), await this.#package()]
    await Promise.all([mkdir(modules), mkdir(bin)])
    await symlink(installed, path.join(modules, 'tidemark'))
    await writeFile(path.join(bin, 'npx'), `#!/bin/sh\nshift\nexec node "${installed}/dist/cli.js" "$@"\n`)
    await chmod(path.join(bin, 'npx'), 0o755)
  }
}

const portNumbers = /(?<=127\.0\.0\.1:|\bport:? )\d{4,5}\b/g

/** Whether more than the words of a command stands there. */
function needsShell(command: string): boolean {
  return /[|&;<>$`*~]/.test(command.replace(/"[^"$`]*"|'[^']*'/g, ''))
}

function words(command: string): string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ''))
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return String(typeof address === 'object' ? address?.port : undefined)
}

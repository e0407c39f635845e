/**
 * Follows a page as its reader would, block by block, in an empty folder. What commands and programs print is put into the
 * text blocks behind them, so that whoever compares the result with the page learns whether the page tells the truth.
 *
 * - "```ts schema.ts" writes that file, for the commands that come.
 * - `sh`: each line is run; `# exit 5` behind it is the exit code that it must have. `crontab`: what each line would run.
 * - `js` and `ts` without a file: all of a page are one program, run from top to bottom when everything else is done;
 *   what it prints has to be the same every time.
 * - `sql`: for the owner of a database on a PostgreSQL server. `json` and `toml`: read; a configuration of ours is checked.
 * - `text`: the output of the block before it, where there is one.
 * - `<!-- sh: … -->`, `<!-- js: … -->` prepare what a page takes for granted, `<!-- sql: … -->` the database of a project, and
 *   `<!-- edit FILE: /a/b/ -->` is the edit of a file that the text describes.
 */
import { parse as parseToml } from 'smol-toml'
import { readConfiguration } from '../../adapters/node/config.ts'
import { blocksNotRun, linesNotRun, reasonNotToRun, type NotRun } from './not-run.ts'
import { type FencedBlock, partsOf } from './page-parts.ts'
import type { PageWorld } from './page-world.ts'

export interface Walk {
  /** The page with what was really printed. */
  readonly told: string
  /** Blocks that nothing was done with. */
  readonly unrun: readonly FencedBlock[]
  /** Why some were not run. */
  readonly excuses: ReadonlySet<NotRun>
}

export async function walkthrough(page: string, name: string, world: PageWorld): Promise<Walk> {
  const told: (string | number)[] = []
  const program: string[] = []
  const excuses = new Set<NotRun>()
  /** Of the block before: what it printed, or its number in the program. */
  let printed: string | number | undefined
  const unrun: FencedBlock[] = []
  /** Files that no command has had in its hands yet. */
  let idle: FencedBlock[] = []

  const shell = async (body: string, language = 'sh'): Promise<string> => {
    let output = ''
    for (const { command, code } of commandsIn(body, language)) {
      const excuse = reasonNotToRun(linesNotRun, { page: name, language, text: command })
      if (excuse === undefined) {
        output += await world.command(command, code)
        idle = []
      } else {
        excuses.add(excuse)
      }
    }
    return world.told(output)
  }
  const follow = async (block: FencedBlock): Promise<string | number | undefined> => {
    const { language, file, body } = block
    const excuse = reasonNotToRun(blocksNotRun, { page: name, language, text: body })
    if (excuse !== undefined) {
      excuses.add(excuse)
      return
    }
    if (file !== undefined) {
      await world.write(file, body)
      if (file.endsWith('.json')) await checkJson(body, file, world.folder)
      else idle.push(block)
      return
    }
    switch (language) {
      case 'sh':
      case 'crontab':
        return shell(body, language)
      case 'js':
      case 'ts':
        return program.push(body) - 1
      case 'sql':
        await world.onServer(body)
        return
      case 'json':
        await checkJson(body, undefined, world.folder)
        return
      case 'toml':
        parseToml(body)
        return
      default:
        unrun.push(block)
        return
    }
  }

  for (const part of partsOf(page)) {
    if (part.kind === 'block' && part.language === 'text') {
      if (printed === undefined) told.push(part.source)
      else told.push('```text\n', typeof printed === 'string' ? printed.trimEnd() : printed, '\n```\n')
      printed = undefined
      continue
    }
    told.push(part.source)
    if (part.kind === 'block') printed = await follow(part)
    else if (part.kind === 'hidden' && part.verb === 'sql') await world.prepareProject(part.argument)
    else if (part.kind === 'hidden' && part.verb === 'edit') await world.edit(part.file, part.argument)
    else if (part.kind === 'hidden' && part.verb === 'sh') await shell(part.argument)
    else if (part.kind === 'hidden') program.push(part.argument)
  }
  const outputs = program.length === 0 ? [] : await world.program(program)
  const text = told.map((piece) => (typeof piece === 'number' ? (outputs[piece] ?? '').trimEnd() : piece)).join('')
  return { told: text, unrun: [...unrun, ...idle], excuses }
}

function commandsIn(body: string, language: string): readonly { readonly command: string; readonly code: number }[] {
  return body.replaceAll('\\\n', '').split('\n').flatMap((line) => {
    const [, command = '', code = '0'] = /^(.*?)(?:\s+# exit (\d).*|\s+#\s.*)?$/.exec(line.replace(/^#.*/, '').trim()) ?? []
    // When it would run is up to cron.
    return command === '' ? [] : [{ command: language === 'crontab' ? command.replace(/^(?:\S+\s+){5}/, '') : command, code: Number(code) }]
  })
}

async function checkJson(body: string, file: string | undefined, folder: string): Promise<void> {
  JSON.parse(body)
  if (file?.startsWith('tidemark.config')) await readConfiguration({ flags: { config: file }, env: {}, cwd: folder })
}

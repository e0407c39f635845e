/** `tidemark migrate init`: starts a project. */
import path from 'node:path'
import type { Command } from 'commander'
import { TidemarkError } from '../../../../src/errors.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { startProject, type StartedProject } from '../../project/start-project.ts'
import { bullets, renderPage, section } from '../../render/page.ts'
import type { Terminal } from '../../render/terminal.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Writes tidemark.config.ts (or the file of --config), schema.ts and a folder migrations with its index. Never overwrites a file; completes what a configuration that is there names.')
    .argument('[dir]', 'the folder of the project (default: the current one)')
    .addHelpText('after', examples(['tidemark migrate init', 'tidemark migrate init ./api --database pglite:./data']))
    .action(async (dir: string | undefined) => {
      const { flags, io } = invocation
      if (dir !== undefined && flags.config !== undefined) throw twoPlaces()
      const config = flags.config === undefined ? undefined : path.resolve(io.cwd, flags.config)
      const folder = config === undefined ? path.resolve(io.cwd, dir ?? '.') : path.dirname(config)
      invocation.answer(await startProject(folder, config, flags.database), (terminal, started) => renderStarted(terminal, started, io.cwd))
    })
}

function renderStarted(terminal: Terminal, { created, kept, renewed = [] }: StartedProject, cwd: string): string {
  const shown = (files: readonly string[]) => bullets(terminal, files.map((file) => path.relative(cwd, file)))
  const next = ['Declare your tables in schema.ts.', 'tidemark migrate revision --autogenerate -m "first tables"', 'tidemark migrate upgrade']
  return renderPage([
    section(terminal, 'Made', shown(created)),
    section(terminal, 'Brought up to date', shown(renewed)),
    section(terminal, 'There already, left as it is', shown(kept)),
    created.length === 0 ? '' : section(terminal, 'Next', bullets(terminal, next, (position) => `${position + 1}.`)),
  ])
}

function twoPlaces(): TidemarkError {
  return new TidemarkError('argument_invalid', 'Cannot start a project', {
    why: 'The folder and --config both say where.', next: 'Give one of them: what the configuration names is made beside it.',
  })
}

/** Who takes part on a dialect, with a running process; and who does not, and why. */
import { rm } from 'node:fs/promises'
import type { BenchDialect, Tool } from './tool.ts'
import { tools } from './tools/tools.ts'
import { startWorker, type Worker } from './worker.ts'

export interface Participant {
  readonly tool: Tool
  readonly worker: Worker
  /** A new folder that goes with the participant. */
  folder(): Promise<string>
}

export interface Absence {
  readonly tool: string
  readonly why: string
}

export interface Participants extends AsyncDisposable {
  readonly present: readonly Participant[]
  readonly absent: readonly Absence[]
}

/** @param needs what a tool must be able to do, beside running revisions on the dialect */
export async function participantsOn(dialect: BenchDialect, needs: (tool: Tool) => boolean = () => true): Promise<Participants> {
  const present: Participant[] = []
  const absent: Absence[] = []
  const folders: string[] = []
  for (const tool of tools.filter((candidate) => candidate.dialects.includes(dialect) && needs(candidate))) {
    const why = await tool.missing(dialect)
    if (why !== undefined) {
      absent.push({ tool: tool.name, why })
      continue
    }
    present.push({
      tool,
      worker: await startWorker(await tool.worker()),
      async folder() {
        const folder = await tool.folder()
        folders.push(folder)
        return folder
      },
    })
  }
  return {
    present,
    absent,
    async [Symbol.asyncDispose]() {
      for (const { worker } of present) await worker.close()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What the writers of JavaScript revision files share. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { NeutralColumn, NeutralRevision } from '../history/neutral.ts'

/** `0007_add_c4_to_t0003`: sorts in the order of the history. */
export function sortedName(revision: NeutralRevision): string {
  return `${String(revision.number).padStart(4, '0')}_${slug(revision)}`
}

export function slug({ message }: NeutralRevision): string {
  return message.replaceAll(' ', '_')
}

/** `20200101000700`, as some tools begin their names. */
export function timestamp(revision: NeutralRevision): string {
  return revision.createdAt.replaceAll(/\D/g, '').slice(0, 14)
}

export function literal(value: NonNullable<NeutralColumn['default']>): string {
  return typeof value === 'number' ? String(value) : `'${value}'`
}

export async function writeFiles(folder: string, files: readonly (readonly [name: string, text: string])[]): Promise<void> {
  for (const [name, text] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

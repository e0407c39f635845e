/** Shadow databases: empty ones inside the process, on which revisions and schemas are tried out. */
import { TidemarkError } from '../errors.ts'
import type { Dialect, Storage } from '../storage/storage.ts'

/** Opens an empty database; whoever calls it closes it. */
export type OpenShadow = () => Promise<Storage>

/** Where shadows of each dialect come from. What is left out is asked of the storage that is migrated. */
export type Shadows = { readonly [D in Dialect]?: OpenShadow | undefined }

/** @throws TidemarkError `shadow_missing` */
export async function openShadow(shadows: Shadows | undefined, dialect: Dialect, storage?: Storage): Promise<Storage> {
  const open = shadows?.[dialect] ?? (storage?.dialect === dialect ? storage.openShadow : undefined)
  if (open !== undefined) return open()
  throw new TidemarkError('shadow_missing', `Cannot try the schema out on ${dialect}`, {
    why: 'There is no shadow database of that dialect.',
    next: `Pass one as \`shadows.${dialect}\`, for example \`() => ${dialect === 'sqlite' ? 'sqljs()' : 'pglite()'}\`.`,
  })
}

/** Which folder imports which, read from the tree by the tool that also holds the rules. */
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

export interface FolderImports {
  /** What the folder needs to run. */
  readonly needs: ReadonlySet<string>
  /** What it takes types from, and nothing else. */
  readonly types: ReadonlySet<string>
}

export type ImportGraph = ReadonlyMap<string, FolderImports>

const root = join(import.meta.dirname, '../..')
const folders = ['src', 'adapters', 'migrations']

/** By folder, like `src/sync`; `src` stands for what puts the library together. */
export async function importGraph(): Promise<ImportGraph> {
  const graph = new Map<string, { needs: Set<string>; types: Set<string> }>()
  for (const { source, dependencies } of (await modulesOf()).modules) {
    const from = folderOf(source)
    if (from === undefined) continue
    const imports = graph.get(from) ?? { needs: new Set(), types: new Set() }
    graph.set(from, imports)
    for (const { resolved, dependencyTypes } of dependencies) {
      const to = folderOf(resolved)
      if (to !== undefined && to !== from) (dependencyTypes.includes('type-only') ? imports.types : imports.needs).add(to)
    }
  }
  return new Map([...graph].map(([folder, { needs, types }]) => [folder, { needs, types: new Set([...types].filter((folder) => !needs.has(folder))) }]))
}

/** Undefined for packages, and for the modules that all may use. */
function folderOf(file: string): string | undefined {
  // Stands with the kit so that the command finds it, but belongs to what is put together: it alone there knows Tidemark's own revisions.
  if (file === 'src/migrate/tidemark-migrator.ts') return 'src'
  if (['src/errors.ts', 'src/version.ts', 'src/content-hash.ts'].includes(file)) return undefined
  return /^(?:(?:src|adapters)\/[^/]+(?=\/)|src(?=\/[^/]+$)|migrations(?=\/))/.exec(file)?.[0]
}

async function modulesOf(): Promise<ICruiseResult> {
  const tsConfig = extractTsConfig(join(root, 'tsconfig.json'))
  const options = await extractOptions(join(root, '.dependency-cruiser.mjs'))
  const { output } = await cruise(folders, { ...options, baseDir: root, tsConfig: { fileName: join(root, 'tsconfig.json') }, validate: false }, undefined, { tsConfig })
  if (typeof output === 'string') throw new TypeError('Cannot read the imports: expected an object, got text')
  return output
}

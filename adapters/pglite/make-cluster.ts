/** Build step: makes the prepared database of `cluster.ts` with the installed PGlite, once for each version of it. */
import { createHash } from 'node:crypto'
import { access, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { type ClusterFile, packCluster } from './cluster.ts'

/** Puts it into these folders of the project. */
export async function makeCluster(...targets: readonly string[]): Promise<void> {
  const { version } = JSON.parse(await readFile(resolve('node_modules/@electric-sql/pglite/package.json'), 'utf8')) as { readonly version: string }
  const known = resolve('node_modules/.cache/tidemark', `pglite-cluster-${version}.br`)
  if (!(await exists(known))) await writeCluster(known)
  for (const target of targets) {
    const copy = join(target, `pglite-cluster.br.${process.pid}`)
    await copyFile(known, copy)
    await rename(copy, join(target, 'pglite-cluster.br'))
  }
}

async function writeCluster(path: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tidemark-cluster-'))
  try {
    // Closed, so that whoever opens it has nothing to recover.
    await (await PGlite.create(dir)).close()
    const packed = packCluster(await filesIn(dir), (bytes) => createHash('sha256').update(bytes).digest('hex'))
    // The window has room for all of it; better qualities take ten times as long for 10 %.
    const compressed = brotliCompressSync(packed, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 } })
    await mkdir(resolve(path, '..'), { recursive: true })
    await writeFile(`${path}.${process.pid}`, compressed)
    await rename(`${path}.${process.pid}`, path)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function filesIn(root: string, below = ''): Promise<ClusterFile[]> {
  const files: ClusterFile[] = []
  for (const entry of (await readdir(join(root, below), { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below + entry.name
    if (entry.isDirectory()) {
      files.push({ path: `${path}/`, size: 0, bytes: new Uint8Array() }, ...(await filesIn(root, `${path}/`)))
    } else {
      const bytes = await readFile(join(root, path))
      files.push({ path, size: bytes.length, bytes: bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1) })
    }
  }
  return files
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

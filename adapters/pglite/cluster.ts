/**
 * The files of an empty database, prepared when the package was built: PGlite takes seconds to make them. They serve every
 * version of PGlite that can open the folders of that one; where they cannot be had, PGlite makes its own.
 *
 * Form, compressed: the length of the index, the index, then what the files have in them. Equal files are there once, and
 * zeros at their end not at all.
 */
export interface ClusterFile {
  /** Below the folder; of a folder with a slash at its end, and before what is in it. */
  readonly path: string
  readonly size: number
  /** What stands before the zeros that fill it up. */
  readonly bytes: Uint8Array
}

type Index = readonly (readonly [path: string, size: number, start: number, end: number])[]

/** Undefined where there is no file system, or the file is missing or damaged. */
export async function preparedCluster(): Promise<readonly ClusterFile[] | undefined> {
  try {
    const [{ readFile }, { brotliDecompress }, { promisify }] = await Promise.all([import('node:fs/promises'), import('node:zlib'), import('node:util')])
    return unpackCluster(await promisify(brotliDecompress)(await readFile(new URL('./pglite-cluster.br', import.meta.url))))
  } catch {
    return undefined
  }
}

/** For the build. */
export function packCluster(files: readonly ClusterFile[], keyOf: (bytes: Uint8Array) => string): Uint8Array {
  const places = new Map<string, number>()
  const bodies: Uint8Array[] = []
  let length = 0
  const index: Index = files.map(({ path, size, bytes }) => {
    const key = keyOf(bytes)
    const start = places.get(key) ?? length
    if (start === length && !places.has(key)) {
      places.set(key, start)
      bodies.push(bytes)
      length += bytes.length
    }
    return [path, size, start, start + bytes.length]
  })
  const header = new TextEncoder().encode(JSON.stringify(index))
  const packed = new Uint8Array(4 + header.length + length)
  new DataView(packed.buffer).setUint32(0, header.length)
  packed.set(header, 4)
  let position = 4 + header.length
  for (const body of bodies) {
    packed.set(body, position)
    position += body.length
  }
  return packed
}

function unpackCluster(packed: Uint8Array): readonly ClusterFile[] {
  const body = 4 + new DataView(packed.buffer, packed.byteOffset).getUint32(0)
  const index = JSON.parse(new TextDecoder().decode(packed.subarray(4, body))) as Index
  return index.map(([path, size, start, end]) => ({ path, size, bytes: packed.subarray(body + start, body + end) }))
}

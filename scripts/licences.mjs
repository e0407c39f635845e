/** The licences of what is in a bundle, from the files that went into it. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of the packages that the files belong to, and of those that went into them when they were built themselves; all are installed below the root. */
export async function licencesOf(files, root) {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const places = [...files, ...texts.flatMap((text) => text.match(/^\/\/#region .*$/gm) ?? [])]
  const packages = new Set(places.flatMap((place) => packageOf(place) ?? []))
  const licences = [...packages].toSorted().map(async (one) => `${one}\n\n${await licenceOf(one, root)}`)
  return (await Promise.all(licences)).join(`\n${'-'.repeat(80)}\n\n`)
}

/** `ajv` of `../../.pnpm/ajv@8.18.0/node_modules/ajv/dist/core.js`. */
function packageOf(place) {
  return /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(place)?.[1]
}

async function licenceOf(name, root) {
  const folder = join(root, 'node_modules', name)
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence in its folder`)
  return readFile(join(folder, file), 'utf8')
}

/** Who else may look into a file or a folder, by its mode. Windows has no such modes: nobody, as far as they tell. */

/** @param whom `anybody`: the group of the file, or everybody else; `others`: everybody else alone */
export function letsIn(whom: 'anybody' | 'others', mode: number): boolean {
  return process.platform !== 'win32' && (mode & (whom === 'others' ? 0o007 : 0o077)) !== 0
}

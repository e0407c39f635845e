/** Pages of a list that is at hand, for the lists of the protocol: the SDK gives them whole and takes any cursor. */
import { unknownCursor } from './protocol-errors.ts'

export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string
}

/**
 * The items behind the cursor, which holds the key of the last item of the page before; so it also stands when items came
 * or went in between. Items are in the order of their keys.
 *
 * @throws TidemarkError `cursor_invalid`
 */
export function listPage<Item>(items: readonly Item[], keyOf: (item: Item) => string, cursor: string | undefined, size: number): ListPage<Item> {
  const after = cursor === undefined ? undefined : keyIn(cursor)
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after)
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return { items: page, ...(last !== undefined && rest.length > page.length ? { nextCursor: cursorAfter(keyOf(last)) } : {}) }
}

function cursorAfter(key: string): string {
  return `after.${encodeURIComponent(key)}`
}

function keyIn(cursor: string): string {
  const encoded = /^after\.([\w%.!~*'()-]{1,1000})$/.exec(cursor)?.[1]
  let key: string | undefined
  try {
    key = encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    // Not ours.
  }
  if (key === undefined || cursorAfter(key) !== cursor) throw unknownCursor()
  return key
}

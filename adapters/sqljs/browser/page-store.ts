/**
 * The pages of one database in IndexedDB. A commit is one IndexedDB transaction, which the browser makes whole or not at all:
 * so there is no journal. Each page carries the version that wrote it, so that who has an older one reads the difference.
 *
 * Knows pages and versions, no SQL.
 */
import type { Pages } from '../file/page-image.ts'
import { goneError, lostError, openError, overtakenError, readError, writeError } from './errors.ts'

/** What somebody committed since the version that was asked about. */
export interface PageChanges {
  readonly version: number
  /** Of the database, in bytes; 0 while nobody has committed. */
  readonly size: number
  readonly pageSize: number
  readonly pages: Pages
}

export interface PageCommit extends PageChanges {
  /** All pages are given, and what was there is dropped: the page size has changed. */
  readonly isWhole: boolean
}

export interface PageStore {
  /** Undefined when it is still this version. @throws TidemarkError `storage_unavailable` */
  changesSince(version: number): Promise<PageChanges | undefined>
  /**
   * Resolves once it is durable. Its version follows the one that is there.
   *
   * @throws TidemarkError `storage_unavailable` when there is no space, `storage_busy` when somebody else was faster
   */
  commit(commit: PageCommit): Promise<void>
  close(): void
}

interface Head {
  readonly version: number
  readonly size: number
  readonly pageSize: number
}

interface StoredPage {
  readonly version: number
  readonly bytes: Uint8Array
}

const layout = 1
const headKey = 'head'
const nothing: Head = { version: 0, size: 0, pageSize: 0 }

/** @throws TidemarkError `storage_open_failed` */
export async function openPageStore(name: string, durability: IDBTransactionDurability): Promise<PageStore> {
  const database = await open(name)
  let isGone = false
  database.addEventListener('close', () => { isGone = true })
  // Somebody deletes the database: who keeps it open would make that wait for ever.
  database.addEventListener('versionchange', () => {
    isGone = true
    database.close()
  })
  const transaction = (mode: 'readonly' | 'readwrite'): IDBTransaction => {
    if (isGone) throw goneError(name)
    return database.transaction(['head', 'pages'], mode, { durability })
  }

  return {
    async changesSince(version) {
      try {
        const tx = transaction('readonly')
        const head = await headOf(tx)
        if (head.version === version) return undefined
        const changed = IDBKeyRange.lowerBound(version, true)
        const index = tx.objectStore('pages').index('version')
        const [keys, values] = await Promise.all([resultOf<IDBValidKey[]>(index.getAllKeys(changed)), resultOf<StoredPage[]>(index.getAll(changed))])
        return { ...head, pages: new Map(values.map(({ bytes }, at) => [Number(keys[at]), bytes])) }
      } catch (error) {
        throw readError(name, error)
      }
    },

    async commit({ version, size, pageSize, pages, isWhole }) {
      try {
        const tx = transaction('readwrite')
        const done = completed(tx)
        // Else its failure would be reported as one that nobody handles, when the work before fails as well.
        done.catch(() => undefined)
        if ((await headOf(tx)).version !== version - 1) {
          tx.abort()
          throw overtakenError(name)
        }
        const store = tx.objectStore('pages')
        store.delete(isWhole ? IDBKeyRange.lowerBound(0) : IDBKeyRange.lowerBound(size / pageSize))
        for (const [page, bytes] of pages) store.put({ version, bytes } satisfies StoredPage, page)
        tx.objectStore('head').put({ version, size, pageSize } satisfies Head, headKey)
        await done
      } catch (error) {
        throw writeError(name, error)
      }
    },

    close: () => database.close(),
  }
}

async function open(name: string): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') throw openError(name, 'This browser or this page has no IndexedDB.')
  let isLost = false
  try {
    const request = indexedDB.open(`tidemark:${name}`, layout)
    request.addEventListener('upgradeneeded', (event) => {
      isLost = wasLost(event)
      if (isLost) return request.transaction?.abort()
      request.result.createObjectStore('head')
      request.result.createObjectStore('pages').createIndex('version', 'version')
    })
    return await resultOf(request)
  } catch (cause) {
    throw isLost ? lostError(name) : openError(name, 'The browser refused to open it.', cause)
  }
}

/** Chromium says so in a property of its own, once, to whoever opens a database of the site first; else the new one would pass for one that never was. */
function wasLost(event: IDBVersionChangeEvent & { readonly dataLoss?: string }): boolean {
  return event.dataLoss !== undefined && event.dataLoss !== 'none'
}

async function headOf(tx: IDBTransaction): Promise<Head> {
  return (await resultOf<Head | undefined>(tx.objectStore('head').get(headKey))) ?? nothing
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
}

function completed(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.addEventListener('complete', () => resolve())
    tx.addEventListener('abort', () => reject(tx.error ?? new Error('Aborted')))
  })
}

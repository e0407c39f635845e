/** What a storage adapter is made of: the storage over a tiny driver, and what both dialects know of values, statements and errors. */
export { createConnectionStorage, type ConnectionStorageOptions } from './connection-storage.ts'
export type { BeginOptions, Connection, Driver } from './driver.ts'
export type { BoundValue } from './parameter.ts'
export { sqliteError } from './sqlite/errors.ts'
export { isBlankText, readStatementText, type StatementText } from './sqlite/statement-text.ts'
export { decoderOf, integerFromBigInt, type Decode } from './sqlite/values.ts'
export type { QueryResult, Row, Storage, StorageCapabilities } from './storage.ts'

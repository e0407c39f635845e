/** Which tables of Tidemark's own database its schema declares: all but what an engine has for full-text search, which no declaration can say. */

export const fullTextTable = 'search_documents'

/** For `include` of the migration kit. */
export function isDeclarable(_kind: 'table' | 'enum', name: string): boolean {
  return name !== fullTextTable
}

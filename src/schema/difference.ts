/**
 * What tells two schemas of one engine apart, as data: a closed union, each case named by what leads from the first
 * schema to the second. A changed constraint or index is one that goes and one that comes.
 */
import type { LiveCheck, LiveColumn, LiveForeignKey, LiveIndex, LiveKey, LiveTable } from './introspect.ts'

/** What of a column can differ. */
export type ColumnAspect = 'type' | 'nullable' | 'default' | 'generated' | 'comment'

/** One step from the first schema to the second. */
export type SchemaDifference =
  | { readonly kind: 'tableAdded' | 'tableDropped'; readonly table: string; readonly definition: LiveTable }
  | { readonly kind: 'columnAdded' | 'columnDropped'; readonly table: string; readonly column: LiveColumn }
  | { readonly kind: 'columnChanged'; readonly table: string; readonly column: string; readonly aspects: readonly ColumnAspect[]; readonly from: LiveColumn; readonly to: LiveColumn }
  | { readonly kind: 'primaryKeyChanged'; readonly table: string; readonly from: LiveKey | undefined; readonly to: LiveKey | undefined }
  | { readonly kind: 'uniqueAdded' | 'uniqueDropped'; readonly table: string; readonly unique: LiveKey }
  | { readonly kind: 'indexAdded' | 'indexDropped'; readonly table: string; readonly index: LiveIndex }
  | { readonly kind: 'checkAdded' | 'checkDropped'; readonly table: string; readonly check: LiveCheck }
  | { readonly kind: 'foreignKeyAdded' | 'foreignKeyDropped'; readonly table: string; readonly foreignKey: LiveForeignKey }
  | { readonly kind: 'tableCommentChanged'; readonly table: string; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly kind: 'enumAdded' | 'enumDropped'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'enumChanged'; readonly name: string; readonly from: readonly string[]; readonly to: readonly string[] }

/** An object of which neither equality nor a difference can be proven, or one that differs in what no declaration says. */
export interface NotComparable {
  /** For people: `check "ck_posts_slug" of table "posts"`. */
  readonly object: string
  readonly why: string
  /** True when the two are known to differ, in something that a declaration has no words for. */
  readonly differs?: true | undefined
}

/** What tells two schemas apart, and what cannot be compared. */
export interface SchemaComparison {
  /** In a fixed order: enums, then tables by name, their columns and constraints. Empty: nothing to do. */
  readonly differences: readonly SchemaDifference[]
  readonly notComparable: readonly NotComparable[]
}

/** What a comparison is about; everything else is left alone. */
export interface SchemaScope {
  /** True for what the schema owns. Default: every table and enum that either side names. */
  readonly include?: ((kind: 'table' | 'enum', name: string) => boolean) | undefined
}

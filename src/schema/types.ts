/** Row types inferred from a schema, for programs and for Kysely. Types only. */
import type { ColumnType as KyselyColumn } from 'kysely'
import type { ColumnBuilder, InsertMode } from './column.ts'
import type { Columns, Schema, TableDeclaration } from './table.ts'

type TablesOf<S> = S extends Schema<infer T> ? T : never
type ColumnsOf<S, Name extends keyof TablesOf<S>> = TablesOf<S>[Name] extends TableDeclaration<infer C> ? C : never
type TypesOf<B> = B extends ColumnBuilder<infer V, infer N, infer M> ? { value: V; nullable: N; mode: M } : never
type Selected<B> = TypesOf<B>['nullable'] extends false ? TypesOf<B>['value'] : TypesOf<B>['value'] | null
type WithMode<C extends Columns, Mode extends InsertMode> = { [K in keyof C]: TypesOf<C[K]>['mode'] extends Mode ? K : never }[keyof C]
type Simplify<T> = { [K in keyof T]: T[K] } & {}

/** A row as a query gives it: `Row<typeof schema, 'users'>`. */
export type Row<S, Name extends keyof TablesOf<S>> = Simplify<{ -readonly [K in keyof ColumnsOf<S, Name>]: Selected<ColumnsOf<S, Name>[K]> }>

/** What an insert takes: columns that may be null or have a default are optional, generated ones are absent. */
export type Insert<S, Name extends keyof TablesOf<S>> = Simplify<
  { -readonly [K in WithMode<ColumnsOf<S, Name>, 'required'>]: Selected<ColumnsOf<S, Name>[K]> } & {
    -readonly [K in WithMode<ColumnsOf<S, Name>, 'nullable' | 'optional'>]?: Selected<ColumnsOf<S, Name>[K]> | undefined
  }
>

type KyselyOf<B> = TypesOf<B>['mode'] extends 'never'
  ? KyselyColumn<Selected<B>, never, never>
  : TypesOf<B>['mode'] extends 'nullable' | 'optional'
    ? KyselyColumn<Selected<B>, Selected<B> | undefined, Selected<B>>
    : KyselyColumn<Selected<B>, Selected<B>, Selected<B>>

/** The database type that `Kysely<Database<typeof schema>>` takes. */
export type Database<S> = { [Name in keyof TablesOf<S>]: { [K in keyof ColumnsOf<S, Name>]: KyselyOf<ColumnsOf<S, Name>[K]> } }

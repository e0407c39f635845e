/** The configuration of a project that has a schema of its own: what `tidemark.config.ts` gives. Types only; nothing is read here. */
import type { SchemaScope } from '../schema/difference.ts'

/** What `tidemark.config.ts` of a project with its own schema says. */
export interface MigrationsConfig {
  /**
   * `sqlite:./app.db`, `pglite:./folder` or `postgres://…`. A relative path starts from the folder of the configuration.
   * `--database` and the environment (`TIDEMARK_DATABASE_URL`) are stronger.
   */
  readonly database?: string | undefined
  /** The module whose default export is `defineSchema(…)`. Left out: there is nothing to compare with. */
  readonly schema?: string | undefined
  /** The folder of the revision files. What makes this a project: without it the file configures Tidemark itself. */
  readonly migrations: string
  /** Default `tidemark_version`. `alembic_version` takes over a database that Alembic managed. */
  readonly versionTable?: string | undefined
  /** Default `tidemark_history`. */
  readonly historyTable?: string | undefined
  /**
   * How revision files are named: `%rev`, `%slug` and the UTC moment as `%Y %m %d %H %M %S`.
   * Default `%Y%m%d_%H%M_%rev_%slug.ts`.
   */
  readonly fileName?: string | undefined
  /** Which tables and enums are looked at; everything else is left alone. Default: those that schema or revisions name. */
  readonly include?: SchemaScope['include']
}

/**
 * Declares the configuration; the default export of `tidemark.config.ts`.
 *
 * @example
 * export default defineConfig({ database: 'sqlite:./app.db', schema: './schema.ts', migrations: './migrations' })
 */
export function defineConfig(config: MigrationsConfig): MigrationsConfig {
  return config
}

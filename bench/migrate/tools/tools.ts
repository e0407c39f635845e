/** Everybody who takes part; those of ours first, then the one to measure up to. */
import type { Tool } from '../tool.ts'
import { alembic } from './alembic.ts'
import { drizzle } from './drizzle.ts'
import { knex } from './knex.ts'
import { kysely } from './kysely.ts'
import { mikroOrm } from './mikro-orm.ts'
import { nodePgMigrate } from './node-pg-migrate.ts'
import { tidemark, tidemarkAtOnce } from './tidemark.ts'
import { typeorm } from './typeorm.ts'
import { umzug } from './umzug.ts'

export const tools: readonly Tool[] = [tidemark, tidemarkAtOnce, alembic, drizzle, kysely, knex, mikroOrm, nodePgMigrate, typeorm, umzug]

import { expect, it } from 'vitest'
import { compareSchemas } from '../../src/schema/compare-schemas.ts'
import { describeDifference } from '../../src/schema/describe-difference.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { engineNamed } from '../support/engines.ts'

it('says each difference in one line', async () => {
  await using one = await engineNamed('pglite memory').open()
  await using two = await engineNamed('pglite memory').open()
  for (const sql of [
    `create type mood as enum ('bad', 'good')`,
    'create table old (a integer)',
    `create table posts (id integer not null, views integer default 0, size bigint not null, twice bigint generated always as (size * 2) stored, gone text, up integer, constraint ck check (views > 0), constraint uq unique (views))`,
    'create index ix on posts (views)',
    `comment on table posts is 'what people wrote'`,
  ]) await one.query({ sql })
  for (const sql of [
    `create type mood as enum ('bad', 'fair', 'good')`,
    'create table new (id integer primary key)',
    `create table posts (id integer primary key, views bigint not null default 1, size bigint, twice bigint, "it came" varchar(9) not null default 'x', up integer references new (id) on delete cascade, constraint ck check (views > 1))`,
    'create unique index ix on posts (views desc, lower("it came")) where views > 0',
    `comment on column posts.size is 'in "bytes"'`,
  ]) await two.query({ sql })
  const { differences } = await compareSchemas(await introspect(one), await introspect(two))
  expect(differences.map(describeDifference)).toEqual([
    'enum "mood": values bad, good became bad, fair, good',
    'table "new": added',
    'table "old": dropped',
    'table "posts": comment "what people wrote" became none',
    'column "posts"."gone": dropped',
    'column "posts"."views": type integer became bigint, became not null, default 0 became 1',
    'column "posts"."size": not null was dropped, comment none became "in \\"bytes\\""',
    'column "posts"."twice": generated as (size * 2) stored became not generated',
    `column "posts"."it came": added (character varying(9) not null default 'x'::character varying)`,
    'table "posts": primary key none became (id)',
    'table "posts": unique "uq" (views) dropped',
    'table "posts": index "ix" (views) dropped',
    'table "posts": unique index "ix" (views desc, lower("it came"::text)) where views > 0 added',
    'table "posts": check "ck" (views > 0) dropped',
    'table "posts": check "ck" (views > 1) added',
    'table "posts": foreign key "posts_up_fkey" (up) to "new" (id) on delete cascade added',
  ])
})

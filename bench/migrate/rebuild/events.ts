/**
 * A table that has what tables have after some years: children that go with their rows, a trigger, an index over a part
 * of the rows, in the end a view. And what has to be there after one of its columns was changed.
 */
export type EventsChange = 'type' | 'not null'

export interface Fact {
  readonly name: 'rows' | 'the change' | 'child rows' | 'trigger' | 'partial index' | 'view'
  /** Gives one value. */
  readonly sql: string
  readonly expected: number | string
}

const childRows = 1000

export function eventsDatabase(rows: number, options: { readonly view: boolean }): readonly string[] {
  return [
    'create table accounts (id integer primary key)',
    'create table events (id integer primary key, kind text not null, amount integer, body text, account_id integer references accounts (id) on delete cascade)',
    'create table notes (id integer primary key, event_id integer not null references events (id) on delete cascade, text text)',
    'create table event_log (event_id integer not null)',
    `insert into accounts select value from (${numbers(100)})`,
    `insert into events select value, 'kind ' || (value % 10), value % 1000, 'the body of event number ' || value, 1 + value % 100 from (${numbers(rows)})`,
    `insert into notes select value, value, 'a note' from (${numbers(childRows)})`,
    'create index ix_events_kind on events (kind)',
    'create index ix_events_big on events (amount) where amount > 900',
    'create trigger tr_events_log after insert on events begin insert into event_log values (new.id); end',
    ...(options.view ? ['create view big_events as select id, kind from events where amount > 900'] : []),
  ]
}

export function eventsFacts(rows: number, change: EventsChange, options: { readonly view: boolean }): readonly Fact[] {
  const sum = Math.floor(rows / 1000) * 499_500 + Array.from({ length: rows % 1000 }, (_, position) => position + 1).reduce((a, b) => a + b, 0)
  return [
    { name: 'rows', sql: `select count(*) || ' ' || sum(cast(amount as integer)) from events`, expected: `${rows} ${sum}` },
    change === 'type'
      ? { name: 'the change', sql: `select lower(type) from pragma_table_info('events') where name = 'amount'`, expected: 'text' }
      : { name: 'the change', sql: `select "notnull" from pragma_table_info('events') where name = 'body'`, expected: 1 },
    { name: 'child rows', sql: `select count(*) from notes join events on events.id = notes.event_id`, expected: childRows },
    { name: 'trigger', sql: `select count(*) from sqlite_schema where type = 'trigger' and tbl_name = 'events'`, expected: 1 },
    { name: 'partial index', sql: `select count(*) from pragma_index_list('events') where partial = 1`, expected: 1 },
    ...(options.view ? [{ name: 'view', sql: 'select count(*) > 0 from big_events', expected: 1 } as const] : []),
  ]
}

function numbers(count: number): string {
  return `with recursive n (value) as (select 1 union all select value + 1 from n where value < ${count}) select value from n`
}

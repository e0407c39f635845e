/** Alembic: the one to measure up to. Python files and an `env.py`, as `alembic init` and `alembic revision` write them. */
import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { NeutralColumn, NeutralRevision, Step } from '../history/neutral.ts'
import type { Tool } from '../tool.ts'
import { slug, writeFiles } from '../write/revision-text.ts'

const run = promisify(execFile)
/** Debian's package belongs to Debian's Python, which need not be the first one. */
const interpreters = [process.env['BENCH_PYTHON'] ?? 'python3', '/usr/bin/python3']

export const alembic: Tool = {
  name: 'Alembic',
  dialects: ['sqlite', 'postgres'],
  transactions: { sqlite: 'each statement', postgres: 'all revisions' },
  // Python's driver enforces no foreign keys unless it is told to, as apps do that have any.
  rebuilds: [{ place: 'file' }, { place: 'file', label: 'foreign keys on', foreignKeys: true }, { place: 'memory' }],
  compares: ['sqlite', 'postgres'],
  missing: async (dialect) =>
    (await python('alembic')) === undefined ? 'not installed: apt install python3-alembic'
    : dialect === 'postgres' && (await python('alembic, psycopg2')) === undefined ? 'not installed: apt install python3-psycopg2'
    : undefined,
  folder: () => mkdtemp(join(tmpdir(), 'tidemark-bench-alembic-')),
  write: (revisions, folder) =>
    writeFiles(folder, [
      ['alembic.ini', ini],
      ['alembic/env.py', environment],
      ...revisions.map((revision, position) => [`alembic/versions/${revision.id}_${slug(revision)}.py`, source(revision, revisions[position - 1])] as const),
    ]),
  worker: async () => ({ file: await interpreter(), args: [resolve('bench/migrate/alembic-worker.py')], cwd: tmpdir() }),
  upgradeCommand: async (folder) => ({ file: await interpreter(), args: ['-m', 'alembic', 'upgrade', 'head'], cwd: folder }),
}

async function interpreter(): Promise<string> {
  const found = await python('alembic')
  if (found === undefined) throw new Error('There is no Python with Alembic')
  return found
}

/** The first interpreter that has these modules. */
async function python(modules: string): Promise<string | undefined> {
  for (const file of interpreters) {
    if (await run(file, ['-c', `import ${modules}`]).then(() => true, () => false)) return file
  }
  return undefined
}

const ini = `[alembic]
script_location = alembic
`

// The template's, with the cookbook's way to hand a connection over, and without its logging.
const environment = `import os
from alembic import context
from sqlalchemy import create_engine, pool

database = os.environ.get('BENCH_DATABASE', '')
connectable = context.config.attributes.get('connection')

def run(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

if connectable is None:
    url = database if database.startswith('postgres') else 'sqlite:///' + database
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        run(connection)
else:
    run(connectable)
`

function source(revision: NeutralRevision, parent: NeutralRevision | undefined): string {
  return `"""${revision.message}

Revision ID: ${revision.id}
Revises: ${parent?.id ?? ''}
Create Date: ${revision.createdAt}

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '${revision.id}'
down_revision = ${parent === undefined ? 'None' : `'${parent.id}'`}
branch_labels = None
depends_on = None


def upgrade() -> None:
${revision.up.map(statement).join('\n')}


def downgrade() -> None:
${revision.down.map(statement).join('\n')}
`
}

function statement(step: Step): string {
  return `    op.${words(step)}`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `create_table('${step.table}',${step.columns.map((column) => `\n        ${pythonColumn(column)},`).join('')}\n    )`
    case 'dropTable':
      return `drop_table('${step.table}')`
    case 'addColumn':
      return `add_column('${step.table}', ${pythonColumn(step.column)})`
    case 'dropColumn':
      return `drop_column('${step.table}', '${step.column}')`
    case 'createIndex':
      return `create_index('${step.index.name}', '${step.table}', ${JSON.stringify(step.index.columns)})`
    case 'dropIndex':
      return `drop_index('${step.name}', '${step.table}')`
    case 'statement':
      return `execute("""${step.sql}""")`
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function pythonColumn(column: NeutralColumn): string {
  const traits = [
    `'${column.name}'`,
    column.type === 'integer' ? 'sa.Integer()' : 'sa.Text()',
    ...(column.references === undefined ? [] : [`sa.ForeignKey('${column.references}.id')`]),
    // Left to itself it would make a sequence too, which the others do not.
    ...(column.primaryKey ? ['primary_key=True', 'autoincrement=False'] : column.nullable ? [] : ['nullable=False']),
    ...(column.default === undefined ? [] : [`server_default='${column.default}'`]),
  ]
  return `sa.Column(${traits.join(', ')})`
}

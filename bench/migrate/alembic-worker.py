"""Alembic's process: answers requests as the other tools' processes do (see worker.ts)."""
import json
import os
import sqlite3
import sys
import time

import alembic
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

scripts = {}


def connect(database, foreign_keys=False):
    url = database if database.startswith('postgres') else f'sqlite:///{database}'
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    if foreign_keys:
        sa.event.listen(engine, 'connect', lambda connection, _: connection.execute('pragma foreign_keys = on'))
    return engine.connect()


def upgrade(history, database):
    """What command.upgrade does, on revisions that are loaded and a connection that is open."""
    if history not in scripts:
        config = Config()
        config.set_main_option('script_location', f'{history}/alembic')
        scripts[history] = ScriptDirectory.from_config(config), config
        scripts[history][0].get_heads()
    script, config = scripts[history]
    with connect(database) as connection:
        connection.execute(sa.text('select 1'))
        config.attributes['connection'] = connection
        start = time.perf_counter()
        with EnvironmentContext(config, script, fn=lambda rev, context: script._upgrade_revs('head', rev)):
            script.run_env()
        return {'ms': (time.perf_counter() - start) * 1000}


opened = None


def open_database(database, foreignKeys=False, statements=()):
    global opened
    opened = connect(database, foreignKeys)
    for statement in statements:
        opened.execute(sa.text(statement))
    return {}


def change(change):
    start = time.perf_counter()
    context = MigrationContext.configure(opened)
    with context.begin_transaction(), Operations(context).batch_alter_table('events') as batch:
        if change == 'type':
            batch.alter_column('amount', existing_type=sa.Integer(), type_=sa.Text())
        else:
            batch.alter_column('body', existing_type=sa.Text(), nullable=False)
    return {'ms': (time.perf_counter() - start) * 1000}


def read(statements):
    return {'values': [opened.execute(sa.text(statement)).scalar() for statement in statements]}


def close():
    opened.close()
    return {}


def metadata_of(schema):
    metadata = sa.MetaData()
    for table in schema:
        columns = [
            sa.Column(
                column['name'], sa.Integer() if column['type'] == 'integer' else sa.Text(),
                *([sa.ForeignKey(f"{column['references']}.id")] if 'references' in column else []),
                nullable=column['nullable'], primary_key='primaryKey' in column, autoincrement=False,
                server_default=str(column['default']) if 'default' in column else None,
            )
            for column in table['columns']
        ]
        sa.Table(table['name'], metadata, *columns, *(sa.Index(index['name'], *index['columns']) for index in table['indexes']))
    return metadata


def create(database, schema):
    with connect(database) as connection:
        metadata_of(schema).create_all(connection)
    return {}


def compare(database, schema):
    """What command.revision(autogenerate=True) does between reading its files and writing one."""
    metadata = metadata_of(schema)
    with connect(database) as connection:
        connection.execute(sa.text('select 1'))
        start = time.perf_counter()
        context, script = compared(connection, metadata)
        rendered(context, script.upgrade_ops)
        rendered(context, script.downgrade_ops)
        return {'ms': (time.perf_counter() - start) * 1000, 'changes': len(script.upgrade_ops.as_diffs())}


def apply(database, schema):
    with connect(database) as connection:
        context, script = compared(connection, metadata_of(schema))
        with context.begin_transaction(), Operations.context(context) as op:
            # As the template of a revision has it.
            exec(f'def upgrade():\n    {rendered(context, script.upgrade_ops)}\nupgrade()', {'op': op, 'sa': sa})
    return {}


def compared(connection, metadata):
    context = MigrationContext.configure(connection, opts={
        'target_metadata': metadata, 'compare_type': True, 'compare_server_default': True,
    })
    return context, produce_migrations(context, metadata)


def rendered(context, operations):
    return render_python_code(operations, render_as_batch=context.dialect.name == 'sqlite', migration_context=context)


handlers = {'create': create, 'compare': compare, 'apply': apply, 'upgrade': upgrade, 'open': open_database, 'change': change, 'read': read, 'close': close}
answers = os.fdopen(3, 'w')


def answer(value):
    answers.write(json.dumps(value) + '\n')
    answers.flush()


answer({
    'tool': f'alembic {alembic.__version__}, SQLAlchemy {sa.__version__}',
    'engines': {'sqlite': f'CPython {sys.version.split()[0]} sqlite3, native SQLite {sqlite3.sqlite_version}', 'postgres': 'psycopg2'},
})
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer(handlers[request.pop('ask')](**request))
    except Exception as error:
        answer({'error': f'{type(error).__name__}: {error}'})

/** The figures as tables for a terminal. Every median also stands as a share of Alembic's and of the fastest peer's. */
import Table from 'cli-table3'
import type { ComparisonFigures } from './compare/comparisons.ts'
import type { Figure } from './figure.ts'
import type { Absence } from './participants.ts'
import type { RebuildFigures } from './rebuild/rebuilds.ts'
import type { UpgradeFigures } from './upgrades.ts'

export function reportUpgrades({ figures, absent }: UpgradeFigures): string {
  return report(figures, absent, ({ dialect, revisions, state, way }) => `${dialect}: ${revisions} revisions ${state}, ${way}`, { commits: ({ transactions }) => transactions })
}

export function reportComparisons({ figures, absent }: ComparisonFigures): string {
  return report(figures, absent, ({ dialect, tables }) => `${dialect}: a schema of ${tables} tables compared, to the source of a revision`, {
    'brought about': ({ right, changed }) => `${right} of ${changed}`,
    'found once more': ({ foundAgain }) => String(foundAgain),
  })
}

export function reportRebuilds({ figures, absent }: RebuildFigures): string {
  const titles = { type: 'another type for a column', 'not null': 'NOT NULL for a column' } as const
  return report(figures, absent, ({ change, rows, place }) => `sqlite in ${place === 'file' ? 'a file' : 'memory'}: ${titles[change]} of ${rows} rows`, {
    'done by': ({ grade }) => grade ?? '',
    lost: ({ lost }) => lost.join(', ') || 'nothing',
  })
}

/** A table for each title, then what stands behind the tools, then who is not there. */
function report<F extends Figure>(figures: readonly F[], absent: readonly Absence[], titleOf: (figure: F) => string, columns: Readonly<Record<string, (figure: F) => string>>): string {
  const titles = [...new Set(figures.map(titleOf))]
  return [
    ...titles.map((title) => `${title}\n${table(figures.filter((figure) => titleOf(figure) === title), columns)}`),
    ...new Set(figures.map(({ version, engine }) => `${version}: ${engine}`)),
    ...absent.map(({ tool, why }) => `${tool}: ${why}`),
    '',
  ].join('\n')
}

function table<F extends Figure>(figures: readonly F[], columns: Readonly<Record<string, (figure: F) => string>>): string {
  const alembic = figures.find((figure) => figure.name === 'Alembic')?.times.p50
  const peers = figures.filter((figure) => !/^(Tidemark|Alembic)/.test(figure.name)).map((figure) => figure.times.p50)
  const bestPeer = peers.length === 0 ? undefined : Math.min(...peers)
  const ratio = (ms: number, base: number | undefined): string => (base === undefined ? '' : (ms / base).toFixed(2))
  const made = new Table({
    head: ['tool', 'p50 ms', 'p95 ms', '÷ Alembic', '÷ best peer', ...Object.keys(columns)],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const figure of figures) {
    const { p50, p95 } = figure.times
    made.push([figure.name, p50.toFixed(1), p95.toFixed(1), ratio(p50, alembic), ratio(p50, bestPeer), ...Object.values(columns).map((cell) => cell(figure))])
  }
  return made.toString()
}

/** What `npm run bench -- NAME` knows. The first part of a name with a slash stands for all that begin with it. */
export const benchNames = [
  'lists', 'search', 'analytics', 'answers', 'peers', 'opening', 'storage', 'sync/copy', 'sync/rate', 'sync/requests', 'sync/memory', 'mcp',
  'migrate/upgrade', 'migrate/compare', 'migrate/rebuild', 'scale',
] as const

export type BenchName = (typeof benchNames)[number]

/** Whether a bench is meant; without a name all are. */
export function isMeant(bench: BenchName, name: string | undefined): boolean {
  return name === undefined || name === bench || bench.startsWith(`${name}/`)
}

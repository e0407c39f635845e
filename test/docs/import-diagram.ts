/**
 * The import graph as a diagram for Mermaid. Arrows that longer ways say already are left out; folders that need each other
 * stand in one frame. Only what is needed to run is drawn.
 */
import type { ImportGraph } from './import-graph.ts'

export function importDiagram(graph: ImportGraph): string {
  const reach = new Map([...graph.keys()].map((folder) => [folder, reachedFrom(folder, graph)]))
  const reaches = (from: string, to: string): boolean => reach.get(from)?.has(to) === true
  const folders = [...graph.keys()].toSorted()
  const arrows = folders.flatMap((from) => {
    const needs = [...(graph.get(from)?.needs ?? [])].toSorted()
    // A way over another need says the same, unless that one is in the same frame as one of the two.
    return needs.filter((to) => !needs.some((by) => by !== to && reaches(by, to) && !reaches(to, by) && !reaches(by, from))).map((to) => [from, to] as const)
  })
  const framed = folders.filter((folder) => reaches(folder, folder))
  return [
    '```mermaid', 'flowchart TD',
    ...folders.filter((folder) => !framed.includes(folder)).map((folder) => `  ${node(folder)}`),
    ...(framed.length === 0 ? [] : ['  subgraph kit ["need each other"]', ...framed.map((folder) => `    ${node(folder)}`), '  end']),
    ...arrows.map(([from, to]) => `  ${idOf(from)} --> ${idOf(to)}`),
    '```',
  ].join('\n')
}

function node(folder: string): string {
  return `${idOf(folder)}["${folder}"]`
}

function idOf(folder: string): string {
  return folder.replaceAll('/', '_')
}

function reachedFrom(folder: string, graph: ImportGraph): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [folder]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const to of graph.get(at)?.needs ?? []) {
      if (reached.has(to)) continue
      reached.add(to)
      open.push(to)
    }
  }
  return reached
}

/**
 * Groups of tools that whoever runs a server can choose from, for clients that pay for every definition. What the choice
 * leaves out is not listed, and refused by name; read-only mode is stronger than any choice. The diagnostics are in every server.
 */
import { nearestWord } from '../../src/answers/nearest-word.ts'
import { TidemarkError } from '../../src/errors.ts'
import type { Tool } from './tool.ts'

const toolsByToolset = {
  lists: ['list_products', 'list_tests', 'list_bugs', 'list_features', 'list_users'],
  summaries: ['get_product_summary', 'get_test_summary', 'get_feature_summary', 'get_user_summary', 'get_bug_summary'],
  analytics: ['get_analytics_capabilities', 'query_metrics'],
  search: ['search'],
  report: ['generate_quality_report'],
  sync: ['sync_data', 'get_sync_status', 'get_quarantine'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The name of a group of tools. */
export type Toolset = keyof typeof toolsByToolset
/** All groups of tools. */
export const toolsetNames = Object.keys(toolsByToolset).filter(isToolset)

export interface ToolChoice {
  readonly readOnly: boolean
  /** Default all. */
  readonly toolsets?: readonly Toolset[] | undefined
}

/** Tells why a tool cannot be called on a server of this choice; undefined when it can. */
export type ToolGate = (tool: Tool) => TidemarkError | undefined

/**
 * @throws TidemarkError `configuration_invalid` for a toolset that does not exist
 */
export function createToolGate({ readOnly, toolsets = toolsetNames }: ToolChoice): ToolGate {
  const chosen = parseToolsets(toolsets)
  return (tool) => {
    const { name } = tool.definition
    if (readOnly && tool.readOnlyDefinition === undefined) return refusedReadOnly(name)
    const own = toolsetOf(name)
    return own === undefined || chosen.includes(own) ? undefined : refusedUnchosen(name, own, chosen)
  }
}

/** Whether `sync_data` is among the tools of this choice: told before any tool is loaded. */
export function offersSync({ readOnly, toolsets = toolsetNames }: ToolChoice): boolean {
  return !readOnly && toolsets.includes('sync')
}

/** @throws TidemarkError `configuration_invalid`, naming the toolsets that there are and the nearest one */
export function parseToolsets(names: readonly string[]): readonly Toolset[] {
  const unknown = names.filter((name) => !isToolset(name))
  if (unknown.length === 0 && names.length > 0) return names.filter(isToolset)
  const meant = [...new Set(unknown.map((name) => nearestWord(name, toolsetNames)).filter((name) => name !== undefined))]
  throw new TidemarkError('configuration_invalid', 'Cannot use these toolsets', {
    why: unknown.length === 0 ? 'There is none among them.' : `${unknown.map((name) => `"${name.slice(0, 60)}"`).join(' and ')} ${unknown.length === 1 ? 'is no toolset' : 'are no toolsets'}.`,
    next: `${meant.length === 0 ? '' : `Did you mean ${meant.join(' and ')}? `}Choose among ${toolsetNames.join(', ')}, or leave it out for all.`,
  })
}

/** Undefined for what is in every server. */
export function toolsetOf(tool: string): Toolset | undefined {
  return toolsetNames.find((name) => toolsByToolset[name].some((member) => member === tool))
}

function isToolset(name: string): name is Toolset {
  return Object.hasOwn(toolsByToolset, name)
}

function refusedReadOnly(name: string): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot call ${name}`, {
    why: 'This server is read-only: it answers from the local copy and changes nothing.',
    next: 'Answer from the data at hand and mention its freshness, or ask whoever runs the server to sync.',
  })
}

function refusedUnchosen(name: string, toolset: Toolset, chosen: readonly Toolset[]): TidemarkError {
  return new TidemarkError('configuration_invalid', `Cannot call ${name}`, {
    why: `It belongs to the toolset ${toolset}; this server offers ${chosen.join(', ')}.`,
    next: `Answer with the tools that are listed, or ask whoever runs the server to add ${toolset} to its toolsets.`,
  })
}

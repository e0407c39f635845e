/**
 * All that a server offers, in one module: its schemas, and the parts of the library that they take their words from, are most
 * of what a server has to load. Servers that greet first load it behind the greeting.
 */
import { checkTools } from './check-tools.ts'
import type { Prompt } from './prompt.ts'
import { prompts } from './prompts.ts'
import type { PageResource, ResourceFamily } from './resource.ts'
import { families, pages } from './resources.ts'
import type { Tool } from './tool.ts'
import { tools } from './tools.ts'

export interface Offerings {
  readonly tools: readonly Tool[]
  readonly prompts: readonly Prompt[]
  /** Resources that are a page of their own. */
  readonly pages: readonly PageResource[]
  /** Resources that there is one of for each id. */
  readonly families: readonly ResourceFamily[]
}

const offerings: Offerings = { tools, prompts, pages, families }

/** Definitions are fixed, and over HTTP every request makes a server. */
let areChecked = false

/** @throws TypeError in development and tests when the definitions of the tools break their limits */
export function checkedOfferings(): Offerings {
  if (!areChecked) checkTools(tools.map(({ definition }) => definition))
  areChecked = true
  return offerings
}

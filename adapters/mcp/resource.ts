/** What a resource is: a page with an address of its own, or one page for each id of a kind. */
import type { Resource as ResourceDefinition, ResourceTemplateType } from '@modelcontextprotocol/server'
import type { Complete } from './completions.ts'
import type { ToolEnvironment } from './tool-environment.ts'

export interface PageResource {
  readonly definition: ResourceDefinition & { readonly mimeType: string }
  /** It says how this server is set up, and so is no other's. Default false. */
  readonly ofThisServer?: boolean
  read(environment: ToolEnvironment): Promise<string> | string
}

/** The pages below `testio://<kind>/`. */
export interface ResourceFamily {
  readonly kind: string
  readonly definition: ResourceTemplateType & { readonly mimeType: string }
  /**
   * @param key the last part of the address, decoded
   * @throws TidemarkError `not_found` when there is no such page, `argument_invalid` when there cannot be one
   */
  read(key: string, environment: ToolEnvironment): Promise<string>
  readonly complete: Complete
  /** Where its pages differ. Default that of the definition. */
  mimeTypeOf?(key: string): string
  /** Those that are worth a line in the list of resources. Default none. */
  list?(environment: ToolEnvironment): Promise<readonly ResourceDefinition[]>
}

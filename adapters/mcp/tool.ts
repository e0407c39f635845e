/**
 * How a tool is declared and called. The SDK's own `registerTool` is not used: it sends what a handler returns unparsed,
 * writes its own texts for bad arguments, and converts schemas only when they are listed.
 *
 * Kept here for every tool: arguments are parsed strictly; the answer is cleaned, parsed against its own schema, never longer
 * than the limit, and its JSON is the first text block; whatever is thrown becomes three authored lines.
 */
import type { CallToolResult, ServerContext, Tool as ToolDefinition } from '@modelcontextprotocol/server'
import * as v from 'valibot'
import { abortedError } from '../../src/errors.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { fitAnswer } from './answer-size.ts'
import { cleanTexts } from './clean-text.ts'
import { inputSchemaOf, outputSchemaOf } from './json-schema.ts'
import { parseArguments, type ArgumentSchema } from './tool-arguments.ts'
import type { ToolEnvironment } from './tool-environment.ts'
import { errorResult } from './tool-errors.ts'

export type AnswerSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>

/** All four are compulsory: hosts decide by them whether a person is asked first. */
export interface ToolHints {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** For tools that only read the local copy. */
export const localRead: ToolHints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }

/** What a tool may use while it answers one call. */
export interface ToolCall {
  readonly tidemark: Tidemark
  readonly environment: ToolEnvironment
  /** Aborted when the client cancels or goes away. */
  readonly signal: AbortSignal
  /** Reports progress; undefined when the client did not ask for it. `done` must grow from call to call. */
  readonly progress: ((done: number, total: number, message: string) => void) | undefined
}

export interface ToolSpecification<Input extends ArgumentSchema, Output extends AnswerSchema> {
  readonly name: string
  readonly title: string
  /** For a new colleague: what it gives, when to use it, what comes next. */
  readonly description: string
  readonly hints: ToolHints
  /** On a read-only server, for a tool that refuses there what would change something. Left out: it is there only when it just reads. */
  readonly readOnlyHints?: ToolHints
  readonly input: Input
  /** Plain data only. Takes `truncated` and `hint`, which the helper may add. */
  readonly output: Output
  readonly run: (args: v.InferOutput<Input>, call: ToolCall) => Promise<v.InferInput<Output>>
  /** The answer when the store cannot be opened. Default: an error. */
  readonly unopened?: (error: unknown, environment: ToolEnvironment) => v.InferInput<Output>
}

export interface Tool {
  readonly definition: ToolDefinition
  /** That of a read-only server; undefined for a tool that is not offered there. */
  readonly readOnlyDefinition: ToolDefinition | undefined
  call(args: unknown, context: ServerContext, environment: ToolEnvironment): Promise<CallToolResult>
}

/**
 * @throws Error when a schema cannot be advertised as JSON Schema
 */
export function tool<Input extends ArgumentSchema, Output extends AnswerSchema>(specification: ToolSpecification<Input, Output>): Tool {
  const { name, title, description, hints, input, output, run, unopened } = specification
  const readOnlyHints = hints.readOnlyHint ? hints : specification.readOnlyHints
  const answerTo = async (args: v.InferOutput<Input>, context: ServerContext, environment: ToolEnvironment) => {
    let tidemark: Tidemark
    try {
      tidemark = await environment.tidemark()
    } catch (error) {
      if (unopened === undefined) throw error
      return unopened(error, environment)
    }
    return run(args, { tidemark, environment, signal: context.mcpReq.signal, progress: progressOf(context) })
  }
  const definition: ToolDefinition = {
    name,
    title,
    description,
    inputSchema: inputSchemaOf(input),
    outputSchema: outputSchemaOf(output),
    annotations: { ...hints },
  }
  return {
    definition,
    readOnlyDefinition: readOnlyHints && { ...definition, annotations: { ...readOnlyHints } },
    async call(args, context, environment) {
      try {
        const parsed = parseArguments(name, input, args)
        const raw = await answerTo(parsed, context, environment)
        const answer = v.parse(output, fitAnswer(cleanTexts(raw)))
        return { structuredContent: { ...answer }, content: [{ type: 'text', text: JSON.stringify(answer) }] }
      } catch (error) {
        const { signal } = context.mcpReq
        // What fails for somebody who is gone, failed for that reason.
        return errorResult(name, signal.aborted ? abortedError(`Cannot finish ${name}`, signal) : error, environment.logger)
      }
    },
  }
}

function progressOf({ mcpReq }: ServerContext): ToolCall['progress'] {
  const { _meta: meta } = mcpReq
  const progressToken = meta?.progressToken
  if (progressToken === undefined) return undefined
  let last = -1
  return (progress, total, message) => {
    if (progress <= last || mcpReq.signal.aborted) return
    last = progress
    const params = { progressToken, progress, total: Math.max(total, progress), message }
    // A client that went away is noticed by its signal, not here.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
}

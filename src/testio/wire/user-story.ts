/** User stories: bare texts, objects, or a mix of both, whatever the endpoint and its `includes[]`. */
import * as v from 'valibot'
import { lenient, list, reference, text, toText } from './fields.ts'

export interface WireUserStory {
  /** Null where the API sends only the text. */
  readonly id: number | null
  readonly title: string
}

const StoryFields = v.object({ id: reference, path: text, title: text })

/** The stories that have a text, in the order of the API. */
export const UserStoriesSchema: v.GenericSchema<unknown, readonly WireUserStory[]> = v.pipe(
  list(lenient(toStory)),
  v.transform((stories) => stories.filter((story) => story !== null)),
)

function toStory(value: unknown): WireUserStory | null {
  const bare = toText(value)
  if (bare !== null) return { id: null, title: bare }
  const read = v.safeParse(StoryFields, value)
  if (!read.success) return null
  // `path` is what the bare form sends, so both forms give the same title.
  const title = read.output.path ?? read.output.title
  return title === null ? null : { id: read.output.id, title }
}

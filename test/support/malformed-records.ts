/** An API that sends some records in a form that cannot be read: with their ids, or so that not even those are known. */
export interface MalformedIds {
  readonly named: ReadonlySet<number>
  readonly nameless: ReadonlySet<number>
}

/** Tests and bugs, in lists and alone. */
export async function withMalformed(response: Response, { named, nameless }: MalformedIds): Promise<Response> {
  if (!response.ok || named.size + nameless.size === 0) return response
  const text = await response.text()
  const spoil = (record: unknown): unknown => {
    if (typeof record !== 'object' || record === null || !('id' in record)) return record
    const id = Number(record.id)
    if (named.has(id)) return { ...record, status: { unreadable: true } }
    return nameless.has(id) ? { ...record, id: null } : record
  }
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Response(text, response)
    const entries = Object.entries(body).map(([key, value]): [string, unknown] => {
      if (!/^(exploratory_tests?|bugs?)$/.test(key)) return [key, value]
      return [key, Array.isArray(value) ? value.map(spoil) : spoil(value)]
    })
    return Response.json(Object.fromEntries(entries), { status: response.status })
  } catch {
    // It was no JSON to begin with.
    return new Response(text, response)
  }
}

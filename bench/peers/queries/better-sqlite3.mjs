/** better-sqlite3 with raw SQL: the statements that were written by hand for the other benches, prepared once. */
import Database from 'better-sqlite3'

export async function open({ file, statements }) {
  const client = new Database(file, { readonly: true })
  let asked = 0
  const prepared = new Map(Object.entries(statements).map(([operation, parts]) => [operation, parts.map((part) => bound(client, part))]))
  return {
    answers: Object.fromEntries([...prepared].map(([operation, parts]) => [operation, async () => parts.map((all) => (asked++, all()))])),
    takeCount: () => [asked, (asked = 0)][0],
    close: async () => client.close(),
  }
}

/** Numbered parameters are named ones to it. */
function bound(client, { sql, parameters = [] }) {
  const statement = client.prepare(sql)
  const values = Object.fromEntries(parameters.map((value, at) => [at + 1, value]))
  return parameters.length === 0 ? () => statement.all() : () => statement.all(values)
}

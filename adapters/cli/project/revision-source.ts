import type { NewRevision } from './write-revision.ts'

export function revisionSource({ id, down, dependsOn, labels, message, createdAt }: NewRevision): string {
  const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  const list = (values: readonly string[]) => `[${values.map(text).join(', ')}]`
  return `import { defineRevision } from 'tidemark/migrate';

export default defineRevision({
  id: ${text(id)},
  down: ${list(down)},${dependsOn.length === 0 ? '' : `\n  dependsOn: ${list(dependsOn)},`}${labels.length === 0 ? '' : `\n  labels: ${list(labels)},`}
  message: ${text(message)},
  createdAt: ${text(createdAt)},

  async upgrade(op) {
  },

  async downgrade(op) {
  },
});
`
}

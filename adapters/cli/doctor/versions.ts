/** Which program this is, on which runtime and machine. The engine tells its own version when it is open. */
import { check, type Finding } from '../../../src/doctor/finding.ts'
import { version } from '../../../src/version.ts'

/** As `engines` of package.json says. */
const oldestNode = [20, 19] as const

export interface Machine {
  /** Like `22.12.0`. */
  readonly node: string
  readonly platform: string
  readonly arch: string
}

export function checkVersions({ node, platform, arch }: Machine): readonly Finding[] {
  const runtime = check('versions', 'node')
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  const needed = `${oldestNode.join('.')} or newer`
  return [
    check('versions', 'tidemark').ok(`Tidemark ${version}`),
    isOld
      ? runtime.failed(`Node ${node} is too old`, `Tidemark needs ${needed}.`, 'Install a newer Node from https://nodejs.org.')
      : runtime.ok(`Node ${node} (${needed} is needed)`),
    check('versions', 'platform').ok(`${platform} on ${arch}`),
  ]
}

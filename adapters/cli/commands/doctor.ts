/** `tidemark doctor`: everything that a support person would ask for. Looks, and changes nothing: no migration, no sync. */
import type { Command } from 'commander'
import { examineDatabase } from '../../../src/doctor/examine.ts'
import { areas, check, type Finding } from '../../../src/doctor/finding.ts'
import { version } from '../../../src/version.ts'
import { readSettings, secretsOf, type ReadSettings } from '../../node/config.ts'
import { httpTokenFile } from '../../node/data-directory.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { checkApi } from '../doctor/api.ts'
import { lookAtPlace } from '../doctor/database-place.ts'
import { checkHttpToken } from '../doctor/http-token.ts'
import { openToLook } from '../doctor/open-to-look.ts'
import { countVerdicts, renderFindings } from '../doctor/render.ts'
import { checkSettings } from '../doctor/settings.ts'
import { checkVersions } from '../doctor/versions.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { exitCode } from '../io.ts'
import { withShadows } from '../project/shadow-room.ts'
import { closing } from '../session.ts'

interface DoctorFlags {
  readonly offline?: true | undefined
  readonly full?: true | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Checks versions, configuration, database, derived data, syncs, the API and the MCP server, and says of what is not in order why and what to do. '
      + 'Changes nothing: it neither migrates nor syncs. Shows no secret, so that the answer can be passed on. Exit code 1 when something failed, 2 when the configuration cannot be used.',
    )
    .option('--offline', 'do not ask the API')
    .option('--full', 'compare the words of every text in the search index, not of a sample')
    .addHelpText('after', examples(['tidemark doctor', 'tidemark doctor --offline', 'tidemark doctor --json > doctor.json']))
    .action(async () => {
      const flags = command.opts<DoctorFlags>()
      const { io } = invocation
      const settings = await readSettings({ flags: invocation.flags, env: io.env, cwd: io.cwd })
      invocation.protect(secretsOf(settings.values))
      const findings = (await examine(invocation, settings, flags)).map((finding) => withoutSecrets(invocation, finding))
      const summary = countVerdicts(findings)
      if (summary.failed > 0) invocation.exit = settings.mistakes.length > 0 || !settings.given.has('customerId') ? exitCode.usage : exitCode.failed
      const { database, customerId } = settings.values
      const report = {
        ok: summary.failed === 0,
        version,
        checkedAt: new Date().toISOString(),
        customerId: customerId ?? null,
        database: database === undefined ? null : databaseUrlForPeople(database),
        summary,
        checks: areas.flatMap((area) => findings.filter((finding) => finding.area === area)),
      }
      invocation.answer(report, (terminal, { checks }) => renderFindings(terminal, checks))
    })
}

async function examine(invocation: Invocation, settings: ReadSettings, { offline, full }: DoctorFlags): Promise<readonly Finding[]> {
  const { signal } = invocation.io
  const { node } = process.versions
  return [
    ...checkVersions({ node, platform: process.platform, arch: process.arch }),
    ...(await checkSettings(settings)),
    ...(await checkDatabase(settings, full === true)),
    ...(await checkApi(settings, { offline: offline === true, signal, now: Date.now })),
    await checkHttpToken(httpTokenFile(), settings.values.httpToken !== undefined),
  ]
}

async function checkDatabase({ values }: ReadSettings, full: boolean): Promise<readonly Finding[]> {
  const { database, customerId, refreshSeconds = 3600 } = values
  const opening = check('database', 'open')
  if (database === undefined) return [opening.skipped('Not looked at', 'The database URL cannot be used.')]
  const { findings, canOpen } = await lookAtPlace(database)
  if (!canOpen) return findings
  try {
    const examined = await closing(await openToLook(database), (storage) =>
      // Not on the server of the database: nothing is to be made there.
      withShadows(undefined, (shadows) => examineDatabase({ storage, customerId, refreshSeconds, shadows, full, now: Date.now })))
    return [...findings, ...examined]
  } catch (error) {
    const broken = opening.broken('The database cannot be opened', error)
    // Busy or not, nothing of it was looked at.
    return [...findings, broken.status === 'skipped' ? { ...broken, status: 'warning' } : broken]
  }
}

/** The last line of defence, since this goes to other people. */
function withoutSecrets(invocation: Invocation, finding: Finding): Finding {
  const { what, why, next } = finding
  return { ...finding, what: invocation.redact(what), why: why === null ? null : invocation.redact(why), next: next === null ? null : invocation.redact(next) }
}

/** The token that `tidemark serve --http` keeps when nobody gave one: whether only its owner can read it. */
import { stat } from 'node:fs/promises'
import { check, type Finding } from '../../../src/doctor/finding.ts'
import { systemCode } from '../../../src/errors.ts'
import { letsIn } from '../../node/file-mode.ts'

const token = check('mcp', 'http_token')

/** @param isGiven a token is set, so the file is of no meaning */
export async function checkHttpToken(file: string, isGiven: boolean): Promise<Finding> {
  if (isGiven) return token.ok('The HTTP server uses the token that is set')
  try {
    const { mode } = await stat(file)
    if (!letsIn('anybody', mode)) return token.ok('The token of the HTTP server is kept where only its owner can read it')
    return token.warning(
      'Others can read the token of the HTTP server', `The file ${file} is not for its owner alone.`,
      'Start "tidemark serve --http" again: it makes a new token. Then give that to the AI clients.',
    )
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return token.skipped('There is no token of the HTTP server', 'It is made when "tidemark serve --http" is first started.')
    return token.warning('The token of the HTTP server cannot be looked at', `The system refuses it (${systemCode(error) ?? 'unknown error'}).`, 'Check the permissions of the data directory, or set TIDEMARK_HTTP_TOKEN.')
  }
}

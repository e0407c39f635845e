/** The one error for everything that is wrong with a configuration. */
import { TidemarkError } from '../../src/errors.ts'

/**
 * Each mistake once, with the place where it was made and without the value: it can be a secret.
 *
 * @param options.isIncomplete something that `tidemark setup` asks for is not there
 */
export function configurationInvalid(mistakes: readonly string[], { isIncomplete = false }: { readonly isIncomplete?: boolean } = {}): TidemarkError {
  const unique = [...new Set(mistakes)]
  return new TidemarkError('configuration_invalid', 'Cannot start: the configuration is not usable', {
    why: unique.length === 1 ? `${unique[0]}.`.replace(/\.\.$/, '.') : `${unique.length} things are wrong:\n${unique.map((mistake) => `- ${mistake}`).join('\n')}`,
    next: `${isIncomplete ? 'Run tidemark setup, which asks for it, or correct this by hand.' : 'Correct this and start again.'} Flags are stronger than the environment, the environment is stronger than tidemark.config.ts, .js or .json.`,
    details: { mistakes: unique },
  })
}

/** Phrases for tests: titles, goals, instructions. `{feature}`, `{other}`, `{product}`, `{season}` are put in. Data only. */

export const TEST_TITLES: readonly string[] = [
  '{feature} and {other}, {season} release', '{feature} regression', 'Smoke test before the {season} release', '{feature}: edge cases', 'Exploratory tour: {feature}', '{product} {season} coverage',
  'Accessibility of {feature}', '{feature} on small screens', 'Bug bash: {feature}', 'Re-test of {feature} after the fix', 'Hotfix check, {feature}', '{feature} & {other} – full pass', 'Sprint {number}: {feature}', '"{feature}" with real devices',
]
export const GERMAN_TEST_TITLES: readonly string[] = ['Regressionstest {feature}', '{feature} und {other}: Abnahme', 'Kurztest vor dem Release ({feature})', 'Überprüfung {feature} auf kleinen Geräten', 'Erkundung: {feature} für Gäste']
export const SEASONS: readonly string[] = ['spring', 'summer', 'autumn', 'winter', 'Q1', 'Q2', 'Q3', 'Q4', 'Black Friday', 'holiday']

export const GOALS: readonly string[] = [
  '**Find** what breaks between {feature} and {other}',
  '# Goal\n\nCheck {feature} after the last changes.\n\n- look at **every** state\n- try wrong input\n- use slow connections',
  'Make sure that a new user can use *{feature}* without help. See [the concept](https://wiki.example/{number}) for details.',
  '<p>Please test <strong>{feature}</strong> &amp; {other}.</p>',
]
export const OUT_OF_SCOPE: readonly string[] = ['Newsletter', '- Performance\n- Translations', 'Everything in the *{other}* area', 'Typing errors in user content']
export const INSTRUCTIONS: readonly string[] = [
  '1. Use the test account of your group.\n2. Report one bug per form.\n3. Add a **screencast**.',
  'Do not place real orders! Use the test data that is shown on the page.',
  '## Before you start\n\nDelete the old version of {product} and install the new one.\n\n## While testing\n\nKeep the log on.',
]

/** English phrases for bugs. `{thing}`, `{feature}`, `{place}`, `{product}` and `{action}` are put in. Data only. */
import type { BugPhrases } from './phrases.ts'

export const ENGLISH: BugPhrases = {
  symptoms: {
    low: ['goes back to its first value', 'reacts only to the second tap', 'is slow to appear', 'shows an old value for a moment', 'loses the focus', 'cannot be closed with the back button',
      'forgets the last choice', 'opens in the wrong order', 'counts one too many'],
    high: ['does not react', 'shows an error message', 'keeps loading', 'stays empty', 'saves the wrong value', 'cannot be reached', 'jumps back to the start page', 'shows data of another language',
      'is doubled', 'disappears'],
    critical: ['crashes the app', 'blocks the whole page', 'loses all input', 'charges the amount twice', 'logs the user out', 'shows a white screen'],
    visual: ['is cut off', 'overlaps the text beside it', 'is not aligned', 'has too little contrast', 'is stretched', 'runs out of the screen', 'flickers'],
    content: ['has a missing translation', 'shows a placeholder text', 'leads to an outdated text', 'has a wrong price unit', 'names the wrong month', 'shows a broken picture'],
    custom: ['has no accessible name', 'is not announced by the screen reader', 'cannot be reached with the keyboard', 'uses colour alone to tell a state', 'has a wrong heading level'],
    other: ['could be easier to find', 'would be clearer with an example', 'has a typing error', 'could remember the last choice'],
  },
  conditions: ['after reload', 'on a slow connection', 'after rotating the device', 'when the keyboard is open', 'in dark mode', 'with a screen reader on', 'after going back', 'with two items',
    'for a guest', 'after changing the language', 'when the text is enlarged', 'on the first visit', 'after the session has ended', 'with a long name', 'at midnight', 'in landscape', 'with an umlaut in the name', 'after an update'],
  openings: ['Open {product}', 'Start {product} and accept the cookies', 'Open {product} in a private window', 'Install {product} and open it'],
  steps: ['Log in with the account from the instructions', 'Go to {feature}: {place}', 'Try to {action}', 'Wait until everything has loaded', 'Go back and open {feature} again', 'Change something and save it',
    'Switch to another app and come back', 'Scroll down to the end of the page', 'Do the same a second time', 'Enter a long text with special characters (ä, ß, é, 😀)', 'Turn the device'],
  lookings: ['Look at the {thing}', 'Watch the {thing}', 'Compare the {thing} with the one before'],
  actual: ['The {thing} {symptom} {condition}.', 'It happens every time, also after a restart and with a second account.', 'No message tells what went wrong, and the page has to be loaded again.',
    'The first time it works, but from the second time on the {thing} {symptom}.', 'The console shows `TypeError: undefined is not an object (evaluating "item.id")` at that moment.',
    'With a fast connection it is harder to see, but it is there; see the attached video from second 12 on.', 'On another device with the same version everything is fine, so it may depend on the size of the screen.',
    'The rest of {feature} can still be used, although the state is not what was entered.'],
  expected: ['The {thing} works {condition} as it does before.', 'The {thing} keeps what was entered, and {feature} tells the person what to do.', 'It is possible to {action} without any trouble.', 'A clear message is shown when something is not possible.'],
}

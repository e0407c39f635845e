/** Property tests fall at the first counterexample, and try the same cases for every mutant. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 1, endOnFailure: true })

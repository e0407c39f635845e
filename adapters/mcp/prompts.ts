/** All prompts, in the order in which they are listed. */
import type { Prompt } from './prompt.ts'
import { analyzeProductQuality } from './prompts/analyze-product-quality.ts'
import { giveTesterFeedback } from './prompts/give-tester-feedback.ts'
import { prepareMeeting } from './prompts/prepare-meeting.ts'
import { triageTest } from './prompts/triage-test.ts'

export const prompts: readonly Prompt[] = [analyzeProductQuality, prepareMeeting, triageTest, giveTesterFeedback]

/** What a rendering is: the report as text, piece by piece, reading the tests only when it comes to them. */
import type { OpenReport } from '../read-quality.ts'

export type Renderer = (report: OpenReport) => AsyncIterable<string>

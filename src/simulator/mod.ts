/** `tidemark/simulator`: a simulated TestIO account, and the truth behind it. */
export { createSimulator } from './simulator.ts'
export type { RequestRecord, Simulator, SimulatorOptions } from './simulator.ts'
export type { Changes } from './changes.ts'
export type { FaultKind, FaultRule, Faults } from './faults.ts'
export type { Scale } from './scale.ts'
export type {
  AccountTruth, BugTruth, CommentTruth, DeviceTruth, EnvironmentTruth, FeatureTruth, Outcome, PlatformTruth, ProductTruth, RejectReasonTruth,
  ReportRowTruth, SectionTruth, Severity, TestFeatureTruth, TestTruth, UserStoryTruth, UserTruth,
} from './truth.ts'

/** The way back: what leads from the second schema to the first, where the given differences lead from the first to the second. */
import type { SchemaDifference } from '../../schema/difference.ts'

export function reverseDifferences(differences: readonly SchemaDifference[]): SchemaDifference[] {
  return differences.map(reversed)
}

function reversed(difference: SchemaDifference): SchemaDifference {
  switch (difference.kind) {
    case 'tableAdded':
      return { ...difference, kind: 'tableDropped' }
    case 'tableDropped':
      return { ...difference, kind: 'tableAdded' }
    case 'columnAdded':
      return { ...difference, kind: 'columnDropped' }
    case 'columnDropped':
      return { ...difference, kind: 'columnAdded' }
    case 'uniqueAdded':
      return { ...difference, kind: 'uniqueDropped' }
    case 'uniqueDropped':
      return { ...difference, kind: 'uniqueAdded' }
    case 'indexAdded':
      return { ...difference, kind: 'indexDropped' }
    case 'indexDropped':
      return { ...difference, kind: 'indexAdded' }
    case 'checkAdded':
      return { ...difference, kind: 'checkDropped' }
    case 'checkDropped':
      return { ...difference, kind: 'checkAdded' }
    case 'foreignKeyAdded':
      return { ...difference, kind: 'foreignKeyDropped' }
    case 'foreignKeyDropped':
      return { ...difference, kind: 'foreignKeyAdded' }
    case 'enumAdded':
      return { ...difference, kind: 'enumDropped' }
    case 'enumDropped':
      return { ...difference, kind: 'enumAdded' }
    case 'columnChanged':
      return { ...difference, from: difference.to, to: difference.from }
    case 'primaryKeyChanged':
      return { ...difference, from: difference.to, to: difference.from }
    case 'tableCommentChanged':
      return { ...difference, from: difference.to, to: difference.from }
    case 'enumChanged':
      return { ...difference, from: difference.to, to: difference.from }
    default:
      throw new TypeError(`unknown difference ${JSON.stringify(difference satisfies never)}`)
  }
}

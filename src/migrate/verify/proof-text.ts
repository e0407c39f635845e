/** What a proof found, in words: names of objects and counts, never values. */
import { counted } from '../../answers/figures.ts'
import { revisionFailed } from '../migration-errors.ts'
import type { RevisionFailure } from '../run-revision.ts'
import type { CatalogueDifference } from './catalogue.ts'
import type { RowChange } from './row-snapshot.ts'

/** @param what for example `The upgrade fails` */
export function failureText(what: string, failure: RevisionFailure): string {
  return `${what}: ${revisionFailed(failure, { direction: 'upgrade', rows: [], command: '', all: false }).why}`
}

/** @param when for example `After the downgrade` */
export function differenceText(when: string, { object, kind, change }: CatalogueDifference): string {
  if (change !== undefined) return `${when} ${object} is not as it was: ${change.from || 'plain'} has become ${change.to || 'plain'}.`
  return `${when} ${object} is ${kind === 'missing' ? 'missing' : 'left behind'}.`
}

/** What became of rows on the way back. */
export function rowTexts({ table, rowsBefore, lostRows, addedRows, columns }: RowChange): readonly string[] {
  const texts = lostRows === 0 ? [] : [`loses ${lostRows} of ${rowsBefore} rows of table "${table}"`]
  if (addedRows > 0) texts.push(`leaves ${counted(addedRows, 'row')} more in table "${table}"`)
  for (const { column, lostValues, changedValues } of columns) {
    if (lostValues > 0) texts.push(`loses ${counted(lostValues, 'value')} of column "${column}" of table "${table}"`)
    if (changedValues > 0) texts.push(`changes ${counted(changedValues, 'value')} of column "${column}" of table "${table}"`)
  }
  return texts.map((text) => `The way back ${text}.`)
}

import { describe, expect, it } from 'vitest'
import { csvLine, type CsvCell } from '../../src/answers/csv.ts'

describe('a line of CSV', () => {
  it.each<readonly [string, readonly CsvCell[], string]>([
    ['has commas between its cells and ends with CRLF', ['a', 'b'], 'a,b\r\n'],
    ['leaves cells without a value empty', [null, '', null], ',,\r\n'],
    ['writes numbers and booleans as they are, negative ones too', [-3, 0.25, true, false], '-3,0.25,true,false\r\n'],
    ['quotes what holds a comma, a quote or a line end, and doubles quotes', ['a,b', 'say "hi"', 'x\ny', 'x\r\ny'], '"a,b","say ""hi""","x\ny","x\r\ny"\r\n'],
    ['puts an apostrophe before what a spreadsheet would evaluate', ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\uff1d1'], "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,'\uff1d1\r\n"],
    ['sees a formula behind white space', [' =cmd|\' /C calc\'!A0', '\n=1'], `' =cmd|' /C calc'!A0,"'\n=1"\r\n`],
    ['leaves other text alone', ['a=b', '2026-03-03', 'naïve', "it's"], "a=b,2026-03-03,naïve,it's\r\n"],
  ])('%s', (_, cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })
})

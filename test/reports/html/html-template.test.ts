import { describe, expect, it } from 'vitest'
import { html } from '../../../src/reports/html/html-template.ts'

describe('a value in the template', () => {
  it.each([
    ['<b>', '&#60;b&#62;'],
    ['a & b', 'a &#38; b'],
    [`" onclick="alert(1)`, '&#34; onclick=&#34;alert(1)'],
    [`' onclick='alert(1)`, '&#39; onclick=&#39;alert(1)'],
    ['`', '&#96;'],
  ])('%j stays in the text or the attribute that it stands in', (value, written) => {
    expect(html`<td title="${value}">${value}</td>`.markup).toBe(`<td title="${written}">${written}</td>`)
  })

  it('may be a number, nothing, markup of the template, or a list of these', () => {
    expect(html`<p>${7}${null}${html`<b>${'<'}</b>`}${['<', html`<i></i>`]}</p>`.markup).toBe('<p>7<b>&#60;</b>&#60;<i></i></p>')
  })
})

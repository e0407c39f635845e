/** The style sheet of the report: light, dark and paper by variables, two columns that become one, tables that become cards. */

export const style = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --ink: #1a2330; --muted: #55606f; --rule: #dde2e8; --hair: #e9edf1; --shade: #f3f5f8;
  --accepted: #2c7a59; --rejected: #c14f38; --open: #38699e; --other: #868e98; --autorate: #7353a0; --accent: #38699e;
  --critical: #a3262c; --high: #cf7a22; --low: #5586b0; --none: #97a0ab;
  --good-ink: #17593a; --good-bg: #e2f2e9; --warn-ink: #744600; --warn-bg: #fcefd3; --bad-ink: #8c1c1c; --bad-bg: #fae2e0; --dull-ink: #47525f; --dull-bg: #eaedf1;
  --good: #2c7a59; --warn: #cf8a16; --bad: #b5302a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10151b; --card: #181f28; --ink: #e7ebf0; --muted: #a5b0be; --rule: #2d3743; --hair: #242d38; --shade: #1f2731;
    --accepted: #5cb98e; --rejected: #ea8369; --open: #79abe2; --other: #8e98a4; --autorate: #b497e6; --accent: #79abe2;
    --critical: #ef666d; --high: #eda455; --low: #86b3de; --none: #8e98a4;
    --good-ink: #93e0ba; --good-bg: #17372a; --warn-ink: #f3d08a; --warn-bg: #3c2f12; --bad-ink: #f8b8b2; --bad-bg: #462221; --dull-ink: #bcc6d2; --dull-bg: #29323d;
    --good: #5cb98e; --warn: #e0a640; --bad: #ea6a62;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
main, .top, .foot { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
h1 { overflow-wrap: anywhere; font-size: 28px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; }
h2 { font-size: 17px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
.kicker { color: var(--muted); font-size: 13px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; margin-bottom: 4px; }
.top { padding-top: 34px; padding-bottom: 4px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, auto)); gap: 4px 28px; margin-top: 16px; padding-top: 14px; border-top: 1px solid var(--rule); font-size: 14px; }
.facts dt { color: var(--muted); font-size: 13px; }
.facts dd { overflow-wrap: anywhere; }
.note { margin-top: 14px; padding: 10px 14px; border-left: 3px solid var(--warn); background: var(--warn-bg); color: var(--warn-ink); border-radius: 0 6px 6px 0; font-size: 14px; }
.note ul { list-style: none; }
.grid2, .health, .figures { display: grid; gap: 16px; margin-top: 16px; }
.grid2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.health { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.figures { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 0; padding: 4px 0; }
.figures > div { padding: 12px 20px; border-left: 1px solid var(--hair); }
.figures > div:first-child { border-left: 0; }
.figures { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.figures dt, .health dt { color: var(--muted); font-size: 13px; }
.figures dd { font-size: 25px; line-height: 1.25; font-weight: 620; letter-spacing: -0.01em; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; min-width: 0; }
.card > h2 + * { margin-top: 12px; }
.lede { color: var(--muted); font-size: 13.5px; }
.card > h2 + .lede { margin-top: 2px; margin-bottom: 12px; }
.wider { margin-top: 16px; }
.rate { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; }
.rate b { font-size: 30px; line-height: 1.2; font-weight: 640; letter-spacing: -0.015em; }
.health h2 { font-size: 15px; }
.badge { display: inline-flex; align-items: center; gap: 6px; padding: 2px 10px 2px 8px; border-radius: 999px; font-size: 13px; font-weight: 620; white-space: nowrap; }
.badge svg { width: 9px; height: 9px; fill: currentColor; }
.badge.healthy { background: var(--good-bg); color: var(--good-ink); }
.badge.warning { background: var(--warn-bg); color: var(--warn-ink); }
.badge.critical { background: var(--bad-bg); color: var(--bad-ink); }
.badge.unknown { background: var(--dull-bg); color: var(--dull-ink); }
.meter { display: block; width: 100%; height: 14px; margin: 8px 0 6px; }
.zone.healthy { fill: var(--good); } .zone.warning { fill: var(--warn); } .zone.critical { fill: var(--bad); }
.zone { opacity: 0.34; }
.needle { fill: var(--ink); stroke: var(--card); stroke-width: 2; paint-order: stroke; }
.small { color: var(--muted); font-size: 13px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart.narrow { display: none; }
.chart text { font-size: 12px; fill: var(--muted); }
.chart .label, .chart .total { fill: var(--ink); }
.chart .total { font-weight: 600; }
.chart .year { font-weight: 600; }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: var(--hair); } .axis { stroke: var(--rule); }
.accepted { --hue: var(--accepted); } .auto { --hue: var(--accepted); } .rejected { --hue: var(--rejected); } .open { --hue: var(--open); } .other { --hue: var(--other); }
.s-critical { --hue: var(--critical); } .s-high { --hue: var(--high); } .s-low { --hue: var(--low); } .s-none { --hue: var(--none); } .feature { --hue: var(--accent); }
.review { --hue: var(--accepted); } .rejection { --hue: var(--rejected); } .autorate { --hue: var(--autorate); }
.fill { fill: var(--hue); } .under { fill: var(--card); } .tint { fill: var(--hue); opacity: 0.3; }
.edge { stroke: var(--card); stroke-width: 0.75; }
.line { fill: none; stroke: var(--hue); stroke-width: 2; stroke-linejoin: round; }
.line.rejection { stroke-dasharray: 7 3; } .line.autorate { stroke-dasharray: 2 3; }
.mark { fill: var(--hue); stroke: var(--card); stroke-width: 1; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; font-size: 13px; color: var(--muted); margin-bottom: 8px; }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
.empty { color: var(--muted); padding: 26px 0; text-align: center; }
details { margin-top: 12px; font-size: 13.5px; }
summary { cursor: pointer; color: var(--muted); font-size: 13px; width: max-content; max-width: 100%; }
summary:hover { color: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 1.4; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding-bottom: 4px; }
th, td { text-align: left; vertical-align: top; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--hair); font-weight: 400; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: 13px; font-weight: 600; vertical-align: bottom; border-bottom-color: var(--rule); overflow-wrap: normal; }
tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
.id { color: var(--muted); white-space: nowrap; }
.flag { font-weight: 620; white-space: nowrap; }
.flag.warning { color: var(--warn-ink); } .flag.critical { color: var(--bad-ink); }
.foot { padding-top: 22px; padding-bottom: 40px; color: var(--muted); font-size: 13px; }
.foot dl { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 4px 28px; }
.foot dt { display: inline; color: var(--ink); } .foot dd { display: inline; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print, (min-width: 821px) {
  td.text, th[scope=row] { min-width: 8.5em; }
  .tests th[scope=row] { width: 36%; }
  .words th[scope=row] { width: 1%; padding-right: 24px; white-space: nowrap; }
}
@media screen and (max-width: 900px) {
  .figures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .figures > div:nth-child(4) { border-left: 0; }
  .grid2 { grid-template-columns: minmax(0, 1fr); }
  .health { grid-template-columns: minmax(0, 1fr); gap: 10px; }
}
@media screen and (max-width: 820px) {
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody { display: block; }
  .cards tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2px 18px; padding: 10px 0; border-bottom: 1px solid var(--rule); }
  .cards tr:last-child { border-bottom: 0; }
  .cards th, .cards td { display: flex; justify-content: space-between; gap: 8px; padding: 0; border: 0; text-align: right; }
  .cards tbody th { grid-column: 1 / -1; display: block; text-align: left; font-weight: 600; }
  .cards td.judged, .cards td.text { grid-column: 1 / -1; }
  .cards td::before { content: attr(data-label); flex: none; margin-right: auto; color: var(--muted); }
  .words .cards td { text-align: left; }
  .words .cards td::before { content: none; }
}
@media screen and (max-width: 600px) {
  main, .top, .foot { padding-left: 14px; padding-right: 14px; }
  .top { padding-top: 22px; }
  h1 { font-size: 24px; }
  .card { padding: 16px; }
  .grid2, .health, .figures, .wider { margin-top: 12px; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dt { margin-top: 6px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .figures > div { padding: 10px 16px; }
  .figures > div:nth-child(n) { border-left: 1px solid var(--hair); }
  .figures > div:nth-child(odd) { border-left: 0; }
  .figures dd { font-size: 22px; }
  .chart.wide { display: none; }
  .chart.narrow { display: block; }
  .foot dl { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  @page { margin: 13mm; }
  body { background: #fff; font-size: 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, .top, .foot { max-width: none; padding: 0; }
  .foot { padding-top: 12px; }
  .facts { margin-top: 8px; padding-top: 8px; font-size: 9pt; grid-template-columns: repeat(4, auto); }
  .facts dt, .lede, .small, .legend, .figures dt { font-size: 8.5pt; }
  .grid2, .health, .figures, .wider { margin-top: 9px; }
  .card, .figures, tr, figure { break-inside: avoid; }
  .card.tests, .card.long { break-inside: auto; }
  .grid2, .health { gap: 9px; }
  .grid2.tables { grid-template-columns: minmax(0, 1fr); }
  .figures dd { font-size: 16pt; } .figures > div { padding: 8px 12px; }
  .rate b { font-size: 18pt; }
  .card { padding: 10px 12px; }
  h1 { font-size: 17pt; } h2 { font-size: 11.5pt; } .health h2 { font-size: 10pt; }
  h2 { break-after: avoid; }
  table { font-size: 8.5pt; } thead th { font-size: 8pt; } th, td { padding: 4px 8px 4px 0; }
  details:not([open]) { display: none; }
}
`

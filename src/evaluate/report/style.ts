/** The page's style sheet: light and dark by the reader's setting, one column on a phone, plain when printed. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #566272; --page: #ffffff; --panel: #f5f7fa; --line: #d9dfe7;
  --s0: #1f6feb; --s1: #c2410c; --s2: #0f766e; --s3: #7c3aed; --hit: #0b6b63; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a7b2c1; --page: #12161c; --panel: #1a2029;
  --line: #333c49; --s0: #6cb0ff; --s1: #ffa066; --s2: #4fd1bd; --s3: #b79cff; --hit: #4fd1bd; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 28px 16px 48px; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 1.3rem; margin: 44px 0 8px; padding-top: 16px; border-top: 2px solid var(--line); }
h3 { font-size: 1.02rem; margin: 28px 0 4px; } h3 small { font-weight: 600; color: var(--soft); }
h4 { font-size: .85rem; margin: 0; color: var(--soft); font-weight: 600; }
p { margin: 4px 0 12px; max-width: 78ch; } .note { color: var(--soft); font-size: .9rem; max-width: 88ch; } code { font-size: .9em; }
.chip { display: inline-block; width: 11px; height: 11px; border-radius: 2px; margin-right: 7px; background: currentColor; }
.chip.again { border-radius: 50%; } .key span { margin-right: 18px; font-weight: 600; font-size: .95rem; white-space: nowrap; }
.scroll { overflow-x: auto; margin: 4px 0 6px; } .scroll:focus-visible { outline: 2px solid var(--s0); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
th, td { padding: 5px 22px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap;
  font-variant-numeric: tabular-nums; font-weight: 400; }
th:last-child, td:last-child { padding-right: 4px; } thead th { color: var(--soft); font-weight: 600; }
th:first-child, td:has(code) { text-align: left; }
th:first-child { position: sticky; left: 0; background: var(--page); } small { color: var(--soft); font-size: .88em; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 16px; margin: 24px 0; }
figure { margin: 0; padding: 14px 14px 12px; background: var(--panel); border-radius: 8px; }
figcaption b { display: block; font-size: .95rem; } figcaption { line-height: 1.4; }
svg { display: block; width: 100%; height: auto; margin-bottom: 8px; }
svg text { fill: var(--soft); font-size: 12px; } svg .detail text { font-size: 10px; }
.grid { stroke: var(--line); } .reference { stroke: var(--soft); stroke-dasharray: 4 4; }
.s0 { --series: var(--s0); color: var(--s0); } .s1 { --series: var(--s1); color: var(--s1); }
.s2 { --series: var(--s2); color: var(--s2); } .s3 { --series: var(--s3); color: var(--s3); }
.series polyline { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; }
.series line { stroke: var(--series); stroke-width: 2; } .series.again polyline, .series.again line { stroke-dasharray: 5 3; }
.series circle { fill: var(--series); stroke: var(--series); stroke-width: 1.5; } .series .hollow { fill: var(--panel); }
.example { border-top: 1px solid var(--line); padding: 12px 0 4px; display: grid; gap: 0 28px;
  grid-template-columns: 1fr 1fr; font-size: .95rem; }
.example > p { grid-column: 1 / -1; max-width: none; } .example small { font-variant-numeric: tabular-nums; }
.hit { color: var(--hit); font-weight: 600; } .hit small { color: inherit; }
summary { cursor: pointer; padding: 10px 0; color: var(--s0); font-weight: 600; border-top: 1px solid var(--line); }
footer { margin-top: 40px; }
@media (max-width: 600px) { th small, td small { display: block; } th, td { padding-right: 14px; } .example { grid-template-columns: 1fr; } }
@page { margin: 16mm 14mm; }
@media print { :root { --page: #fff; --ink: #000; --soft: #444; --panel: #fff; --line: #bbb; --s0: #1f6feb; --s1: #c2410c;
    --s2: #0f766e; --s3: #7c3aed; --hit: #0b6b63; }
  body { max-width: none; padding: 0; font-size: 10pt; } th:first-child { position: static; } .chip { print-color-adjust: exact; }
  figure { border: 1px solid var(--line); } figure, .example, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; } .scroll { overflow: visible; break-inside: avoid; } table { font-size: 8.5pt; } th, td { padding-right: 12px; }
  details::details-content { display: block; content-visibility: visible; } summary { display: none; } }
`;

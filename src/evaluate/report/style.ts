/** The page's style sheet: light and dark by the reader's setting, one column on a phone, plain when printed. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --page: #ffffff; --panel: #f4f6f9; --line: #d5dbe3;
  --s0: #1f6feb; --s1: #c2410c; --s2: #0f766e; --s3: #7c3aed; --hit: #0f766e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3afbf; --page: #12161c; --panel: #1b212a;
  --line: #343d4a; --s0: #6cb0ff; --s1: #ffa066; --s2: #4fd1bd; --s3: #b79cff; --hit: #4fd1bd; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 24px 16px 64px; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 4px; } h2 { font-size: 1.25rem; margin: 40px 0 8px; } h3 { font-size: 1rem; margin: 24px 0 4px; }
p { margin: 4px 0 12px; } .note { color: var(--soft); font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; min-width: 320px; overflow-wrap: normal; }
th, td { padding: 5px 12px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap;
  font-variant-numeric: tabular-nums; } th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; } td small { color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 16px; margin-top: 24px; }
figure { margin: 0; padding: 12px; background: var(--panel); border-radius: 8px; } figcaption { font-size: .9rem; }
figcaption b { display: block; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--line); } .reference { stroke: var(--soft); stroke-dasharray: 4 4; }
.series polyline { fill: none; stroke-width: 2; }
.s0 polyline, .s0 circle { stroke: var(--s0); } .s1 polyline, .s1 circle { stroke: var(--s1); }
.s2 polyline, .s2 circle { stroke: var(--s2); } .s3 polyline, .s3 circle { stroke: var(--s3); }
.s0 circle, rect.s0 { fill: var(--s0); } .s1 circle, rect.s1 { fill: var(--s1); }
.s2 circle, rect.s2 { fill: var(--s2); } .s3 circle, rect.s3 { fill: var(--s3); }
.key span { display: inline-block; margin-right: 16px; font-size: .9rem; }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; }
.key .s0 i { background: var(--s0); } .key .s1 i { background: var(--s1); } .key .s2 i { background: var(--s2); } .key .s3 i { background: var(--s3); }
.example { border-top: 1px solid var(--line); padding: 12px 0; display: grid; gap: 4px 24px;
  grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); } .example p { grid-column: 1 / -1; }
.hit { color: var(--hit); font-weight: 600; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } figure, .example, tr { break-inside: avoid; }
  :root { --page: #fff; --ink: #000; --soft: #444; --panel: #fff; --line: #bbb; } }
`;

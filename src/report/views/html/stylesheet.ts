// The page's stylesheet: system fonts, one accent, outcome colours with AA contrast in light and dark. One text, because the page's policy names its hash.

export const style = `
:root{color-scheme:light dark;
--paper:#fff;--ink:#1c2430;--soft:#586273;--line:#dfe3ea;--well:#f5f7fa;--accent:#0b5cd6;
--done:#1a7f45;--already:#0a6c86;--failed:#c62525;--unknown:#9b2fae;--skipped:#8a5a00;--held:#5b6472;--invalid:#b3261e;--planned:#0b5cd6}
@media (prefers-color-scheme:dark){:root{
--paper:#12161d;--ink:#e7ebf2;--soft:#a5afbf;--line:#2c3442;--well:#1a202a;--accent:#7fb2ff;
--done:#5ccf8b;--already:#6cc9e4;--failed:#ff8a80;--unknown:#e29bf0;--skipped:#f0b95a;--held:#aab4c3;--invalid:#ff8a80;--planned:#7fb2ff}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main,footer{max-width:82rem;margin:0 auto;padding:0 1.5rem}
header{border-bottom:1px solid var(--line);border-top:.4rem solid var(--held);background:var(--well)}header.good{border-top-color:var(--done)}header.bad{border-top-color:var(--failed)}
header>div{max-width:82rem;margin:0 auto;padding:2.5rem 1.5rem 2rem}
.rehearsal{margin:0;max-width:none;padding:.6rem 1.5rem;background:var(--skipped);color:var(--paper);text-align:center;print-color-adjust:exact}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;border:2px solid var(--accent)}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.25rem;margin:3rem 0 1rem;letter-spacing:-.01em}
h3{font-size:1rem;margin:0 0 .5rem}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--accent)}
.eyebrow{color:var(--soft);font-size:.85rem;margin:0 0 .75rem}
.lead{font-size:1.1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.5rem 0 0;padding:0;list-style:none}
.tiles li{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;border-top:4px solid var(--held)}
.tiles a{display:block;padding:.8rem 1rem;color:inherit;text-decoration:none;border-radius:.4rem}.tiles a:hover{background:var(--well)}.tiles a:hover span{text-decoration:underline}
.tiles b{display:block;font-size:1.7rem;line-height:1.2}
.tiles span{color:var(--soft);font-size:.9rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem;align-items:start}
figure{margin:0;border:1px solid var(--line);border-radius:.6rem;padding:1rem 1rem .5rem;min-width:0}
figure svg{display:block;width:100%;height:auto;overflow:visible;color:var(--ink);font:11px system-ui,sans-serif}
figure svg .grid{color:var(--soft)}
figcaption{color:var(--soft);font-size:.9rem;margin:.5rem 0}
.mark{white-space:nowrap}.mark::before{content:"";display:inline-block;width:.7em;height:.7em;border-radius:.2em;margin-right:.4em;background:currentColor;print-color-adjust:exact}
.legend{font-size:.85rem;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.25rem 0}
.done{color:var(--done)}.already{color:var(--already)}.failed{color:var(--failed)}.unknown{color:var(--unknown)}
.skipped{color:var(--skipped)}.held{color:var(--held)}.invalid{color:var(--invalid)}.planned{color:var(--planned)}
.t-done{border-top-color:var(--done)!important}.t-already{border-top-color:var(--already)!important}.t-failed{border-top-color:var(--failed)!important}
.t-unknown{border-top-color:var(--unknown)!important}.t-skipped{border-top-color:var(--skipped)!important}.t-invalid{border-top-color:var(--invalid)!important}
.t-planned{border-top-color:var(--planned)!important}
.causes{list-style:none;margin:0;padding:0;display:grid;gap:.75rem}
.causes li{border:1px solid var(--line);border-left:4px solid var(--failed);border-radius:.4rem;padding:.75rem 1rem}
.causes .b-skipped{border-left-color:var(--skipped)}.causes .b-unknown{border-left-color:var(--unknown)}.causes .b-invalid{border-left-color:var(--invalid)}
.causes h3 .mark{margin-right:.5rem}
details{font-size:.9rem;margin:.25rem 0 .5rem}summary{cursor:pointer;color:var(--soft);padding:.25rem 0}
details table{width:auto}details caption{position:absolute;clip-path:inset(50%)}details tbody th{background:none;font-weight:400}details td{text-align:right}
.whole{user-select:all;background:var(--well);padding:.2rem .4rem;border-radius:.3rem;overflow-wrap:anywhere}
.causes p{margin:.25rem 0}.causes .rows{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
.tools{display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;align-items:end;margin:0 0 .75rem}
.tools label{display:grid;gap:.2rem;font-size:.85rem;color:var(--soft)}
input,select,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.4rem .6rem;min-height:2.5rem}
input[type=search]{min-width:min(22rem,80vw)}
button{cursor:pointer}button:disabled{color:var(--soft);border-color:var(--line);cursor:default}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.45rem .6rem;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
th{background:var(--well);white-space:nowrap;font-weight:600}
th button{all:unset;cursor:pointer;padding:.1rem .2rem;border-radius:.2rem}th button:focus-visible{outline:3px solid var(--accent)}
th[aria-sort] button::after{content:" ↕";color:var(--soft)}th[aria-sort=ascending] button::after{content:" ↑";color:var(--ink)}th[aria-sort=descending] button::after{content:" ↓";color:var(--ink)}
td.who{overflow-wrap:anywhere;min-width:17.5rem}td.why{overflow-wrap:anywhere;min-width:12rem;color:var(--soft)}
td.num{white-space:nowrap}
.pager{display:flex;gap:.75rem;align-items:center;flex-wrap:wrap;margin:.75rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.5rem;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{color:var(--soft);font-size:.9rem;padding-top:2rem;padding-bottom:3rem}
[hidden]{display:none!important}
@media (max-width:40rem){figure svg{font-size:13px}main,footer{padding:0 1rem}header>div{padding:2rem 1rem 1.5rem}figure{padding:.75rem .75rem .25rem}td.who{min-width:12rem}.tools label,.tools input,.tools select{width:100%}dl{grid-template-columns:1fr}dt{margin-top:.5rem}h1{font-size:1.5rem}}
@media print{th button{display:contents}:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--well:#fff;--accent:#0b5cd6;--done:#1a7f45;--already:#0a6c86;--failed:#c62525;--unknown:#9b2fae;--skipped:#8a5a00;--held:#5b6472;--invalid:#b3261e}
body{font-size:10.5pt}.tools,.pager,.skip,summary{display:none!important}.tiles{grid-template-columns:repeat(auto-fit,minmax(5rem,1fr))}.tiles a{padding:.4rem .6rem}td.who{min-width:11rem}td.why{min-width:9rem}td:nth-child(6){white-space:normal}table{font-size:8pt}th[aria-sort] button::after{content:none!important}th,td{padding:.25rem .3rem}thead{display:table-header-group;break-inside:avoid}h2{margin-top:1.5rem}header>div{padding:1rem 0}main,footer{padding:0;max-width:none}@page{margin:1.5cm}figure,.causes li,tr{break-inside:avoid}.charts{grid-template-columns:1fr 1fr}h2{break-after:avoid}.scroll{border:0;overflow:visible}header{background:none}}
`;

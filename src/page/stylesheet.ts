// `style`: the stylesheet of all pages: system fonts, one accent, outcome colours with AA contrast in light and dark; cards instead of a table on
// phones; sheets with page numbers in print. One text, because the page's policy names its hash.

const colours = `
:root{color-scheme:light dark;
--paper:#fff;--ink:#1c2430;--soft:#566072;--line:#dfe3ea;--well:#f6f7f9;--accent:#0b5cd6;--amber:#8a5a00;--amber-well:#fdf6e6;
--done:#1a7f45;--already:#0a6c86;--failed:#c62525;--unknown:#9b2fae;--skipped:#8a5a00;--held:#5b6472;--invalid:#b3261e;--planned:#0b5cd6}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#12161d;--ink:#e7ebf2;--soft:#a5afbf;--line:#2c3442;--well:#191f29;--accent:#7fb2ff;--amber:#f0b95a;--amber-well:#2a2212;
--done:#5ccf8b;--already:#6cc9e4;--failed:#ff8a80;--unknown:#e29bf0;--skipped:#f0b95a;--held:#aab4c3;--invalid:#ff8a80;--planned:#7fb2ff}}
.done{color:var(--done)}.already{color:var(--already)}.failed{color:var(--failed)}.unknown{color:var(--unknown)}
.skipped{color:var(--skipped)}.held{color:var(--held)}.invalid{color:var(--invalid)}.planned{color:var(--planned)}
`;

const text = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main,footer,header>div{max-width:82rem;margin:0 auto;padding:0 1.5rem}
header{border-top:.35rem solid var(--held);border-bottom:1px solid var(--line);background:var(--well)}
header.good{border-top-color:var(--done)}header.warn{border-top-color:var(--skipped)}header.bad{border-top-color:var(--failed)}
header>div{padding-top:2.25rem;padding-bottom:2rem}
.rehearsal{margin:0;max-width:none;padding:.7rem 1.5rem;background:var(--amber);color:var(--paper);text-align:center;font-size:1.05rem;letter-spacing:.01em;print-color-adjust:exact}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;border:2px solid var(--accent)}
h1{font-size:1.8rem;line-height:1.25;margin:0 0 .75rem;letter-spacing:-.015em;text-wrap:balance;max-width:52rem}
h2{font-size:1.25rem;line-height:1.3;margin:3rem 0 1rem;letter-spacing:-.01em}
h3{font-size:1rem;line-height:1.4;margin:0 0 .25rem}
p{margin:.5rem 0;max-width:44rem;text-wrap:pretty}
a{color:var(--accent);text-underline-offset:.15em}
.eyebrow{color:var(--soft);font-size:.9rem;margin:0 0 .6rem}
.lead{font-size:1.1rem}.soft{color:var(--soft)}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.whole{user-select:all;background:var(--well);padding:.2rem .4rem;border-radius:.3rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem;margin:0 0 1rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.9rem;padding-top:2.5rem;padding-bottom:3rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`;

const parts = `
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.75rem 0 0;padding:0;list-style:none}
.tiles li{border:1px solid var(--line);border-top:3px solid currentColor;border-radius:.5rem}
.tiles a{display:block;height:100%;padding:.8rem 1rem;color:var(--ink);text-decoration:none;border-radius:.4rem}.tiles a:hover{background:var(--well)}.tiles a:hover span{text-decoration:underline}
.tiles b{font-size:1.6rem;line-height:1.2;margin-right:.4rem}.tiles span{font-weight:600}.tiles small{display:block;color:var(--soft);font-size:.82rem;line-height:1.4;margin-top:.15rem}
.causes{list-style:none;margin:0;padding:0;display:grid;gap:.75rem}
.causes li{border:1px solid var(--line);border-left:4px solid var(--failed);border-radius:.4rem;padding:.8rem 1rem}
.causes .b-skipped,.causes .b-held{border-left-color:var(--line)}.causes .b-unknown{border-left-color:var(--unknown)}.causes .b-invalid{border-left-color:var(--invalid)}
.causes .b-left-out{border-color:var(--amber);border-left-width:4px;background:var(--amber-well)}.b-left-out h3{color:var(--amber)}
.causes p{margin:.2rem 0;max-width:58rem}.causes .rows{color:var(--soft);font-size:.92rem;overflow-wrap:anywhere}
.jump{white-space:nowrap}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem;align-items:start}
figure{margin:0;border:1px solid var(--line);border-radius:.5rem;padding:1rem 1rem .5rem;min-width:0}
figure svg{display:block;width:100%;height:auto;overflow:visible;color:var(--ink);font:11px system-ui,sans-serif}
figure svg .grid{color:var(--soft)}
figcaption{color:var(--soft);font-size:.9rem;margin:.5rem 0}
.mark{white-space:nowrap}.mark::before{content:"";display:inline-block;width:.65em;height:.65em;border-radius:.2em;margin-right:.45em;background:currentColor;print-color-adjust:exact}
.legend{font-size:.85rem;display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.25rem 0}
.seats{width:auto;border:1px solid var(--line)}.seats td{text-align:right}.seats tbody th{background:none;font-weight:400}
main>ul:not([class]){margin:.5rem 0;padding-left:1.2rem;max-width:44rem}
details{margin:.25rem 0 .5rem}figure details{font-size:.9rem}summary{cursor:pointer;color:var(--soft);padding:.25rem 0}
details table{width:auto}details caption{position:absolute;clip-path:inset(50%)}details tbody th{background:none;font-weight:400}details td{text-align:right}
`;

const table = `
.tools{display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;align-items:end;margin:0 0 .75rem}
.tools label{display:grid;gap:.2rem;font-size:.85rem;color:var(--soft)}
input,select,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.4rem .7rem;min-height:2.75rem}
::placeholder{color:var(--soft);opacity:1}
input[type=search]{min-width:min(22rem,80vw)}
button{cursor:pointer}button:hover{border-color:var(--ink)}button:disabled{color:var(--soft);border-color:var(--line);cursor:default}
@media screen and (min-width:44.01rem){.tools .orders{display:none}}
#only{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
#count,#zone{color:var(--soft);font-size:.9rem}
#no-match{padding:1.5rem;border:1px dashed var(--soft);border-radius:.5rem;max-width:none;text-align:center}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.45}
th,td{text-align:left;padding:.5rem .65rem;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
th{background:var(--well);white-space:nowrap;font-weight:600}
th button{all:unset;cursor:pointer;padding:.1rem .2rem;border-radius:.2rem}th button:focus-visible{outline:3px solid var(--accent)}
th[aria-sort] button::after{content:" \\2195";color:var(--soft)}th[aria-sort=ascending] button::after{content:" \\2191";color:var(--ink)}th[aria-sort=descending] button::after{content:" \\2193";color:var(--ink)}
td.who{overflow-wrap:anywhere;min-width:17rem}td.why{overflow-wrap:anywhere;min-width:12rem;color:var(--soft)}
td.state,td.time,td.place,td.short{white-space:nowrap}
.pager{display:flex;gap:.75rem;align-items:center;flex-wrap:wrap;margin:.75rem 0}
`;

/** On a phone, each row is a card: the person first, then a line for each value. */
const phone = `
@media screen and (max-width:44rem){
main,footer{padding-left:1rem;padding-right:1rem}header>div{padding:1.75rem 1rem 1.5rem}h1{font-size:1.45rem}h2{margin-top:2.25rem}
.tiles{grid-template-columns:1fr 1fr}.tiles a{padding:.65rem .75rem}
figure{padding:.75rem .75rem .25rem}figure svg{font-size:13px}
.tools{display:grid;grid-template-columns:1fr 1fr}.tools label:first-child,.tools .orders{grid-column:1/-1}.tools input,.tools select{width:100%;min-width:0}
.scroll{border:0;overflow:visible}
table.people,table.people tbody,table.people tr,table.people td{display:block;width:auto}table.people thead{display:none}
table.people tr{border:1px solid var(--line);border-radius:.5rem;padding:.65rem .8rem;margin-bottom:.6rem}
table.people td{border:0;padding:.1rem 0;min-width:0;white-space:normal;overflow-wrap:anywhere}
table.people tr td:empty{display:none}
table.people td.who{font-weight:600;font-size:1rem}
table.people td:not(.who)::before{content:attr(data-label);display:inline-block;width:6.5rem;color:var(--soft);font-size:.85rem;vertical-align:top}
table.people td.why::before{color:inherit}table.people td.why{display:grid;grid-template-columns:6.5rem 1fr}
dl{grid-template-columns:1fr;gap:0}dt{margin-top:.6rem}
}
`;

/** In print, each row is one line; only long names and addresses are never cut. */
const print = `
@media print{
:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--well:#fff}
html{scroll-behavior:auto;font-size:9.5pt}body{font-size:1rem;line-height:1.4}
main,footer,header>div{padding-left:0;padding-right:0;max-width:none}header>div{padding-top:.75rem;padding-bottom:.75rem}
.tools,.pager,.skip,summary,#static,#count,#only button,.jump{display:none!important}
.rehearsal{padding:.3rem}
h1{font-size:16pt}h2{margin-top:1.25rem;font-size:12pt;break-after:avoid}h3,.lead,.causes .rows,figcaption{font-size:1rem}
.tiles{grid-template-columns:repeat(auto-fit,minmax(4.5rem,1fr));gap:.4rem;margin-top:.75rem}.tiles a{padding:.3rem .5rem}.tiles b{font-size:12pt}.tiles small{font-size:7pt}
.charts{grid-template-columns:1fr 1fr 1fr;gap:.5rem}figure{padding:.5rem}figure,.causes li,.tiles li,tr{break-inside:avoid}
.causes{gap:.35rem}.causes li{padding:.35rem .6rem}
.scroll{border:0;overflow:visible}table.people{table-layout:fixed;font-size:7.5pt}
thead{display:table-header-group;break-inside:avoid}th button{display:contents}th[aria-sort] button::after{content:none!important}
table.people th,table.people td{padding:.16rem .25rem;min-width:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
table.people td.who{white-space:normal;overflow-wrap:anywhere}
table.people th.who{width:23%}table.people th.short{width:12.5%}table.people th.state{width:8%}table.people th.time{width:12%}table.people th.place{width:9%}
}
`;

/** The style that all pages share. */
export const style = colours + text + parts + table + phone + print;

/** The margins of printed sheets: title, page number, and the notice of a rehearsal on each. */
export function pageMargins(title: string, notice: string | undefined): string {
  const top =
    notice === undefined ? '' : `@top-center{content:${cssText(notice)};font:bold 9pt sans-serif;color:#8a5a00}`;
  return `@page{size:A4 landscape;margin:14mm 12mm 15mm;${top}@bottom-left{content:${cssText(title)};font:7.5pt sans-serif;color:#444}@bottom-right{content:"Page " counter(page) " of " counter(pages);font:7.5pt sans-serif;color:#444}}`;
}

/** A text as a CSS string; all but letters and digits is escaped. */
function cssText(plain: string): string {
  return `"${plain.replace(/[^\w ]/gu, (char) => `\\${char.codePointAt(0)?.toString(16)} `)}"`;
}

// SPDX-License-Identifier: Apache-2.0
#include "report_page.h"

#include "ferv/base/html.h"
#include "ferv/base/version.h"

namespace ferv::evaluation {
namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#59606b;--grid:#d8dce2;--accent:#2563a8;--c1:#b3541e;--c2:#2e7d4f;--c3:#7b3fa0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171b;--soft:#a3a9b3;--grid:#353b44;--accent:#6aa9ea;--c1:#e59a6a;--c2:#74c69a;--c3:#c79be6}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--grid)}h3{font-size:1rem}
.figures{display:flex;flex-wrap:wrap;gap:2.5rem}.figures b{display:block;font-size:2rem}.soft,caption,figcaption{color:var(--soft);font-size:.9rem}
figure{margin:1rem 0}figcaption{color:var(--ink);font-weight:600;margin-bottom:.4rem}svg{display:block;max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg .heading{font-weight:600;font-size:13px}.grid{stroke:var(--grid)}.bar{fill:var(--accent);opacity:.75}
.whisker{stroke:var(--ink);stroke-width:1.5}.reference{stroke:var(--c1);stroke-width:3}.diagonal{stroke:var(--soft);stroke-dasharray:4}.dot{fill:var(--accent);opacity:.8}
.curve{fill:none;stroke-width:2}.c0{stroke:var(--accent)}.c1{stroke:var(--c1);stroke-dasharray:6 3}.c2{stroke:var(--c2);stroke-dasharray:2 2}.c3{stroke:var(--c3);stroke-dasharray:8 2 2 2}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.25rem .6rem;text-align:right}th[scope=row],td.text{text-align:left}
.confusion td{background:color-mix(in srgb,var(--accent) calc(var(--share,0)*60%),transparent)}.confusion .right{font-weight:700}
pre{overflow:auto;border:1px solid var(--grid);padding:.8rem;font-size:.85rem}aside{border-left:4px solid var(--c1);padding:.1rem 1rem;margin:1.5rem 0}
summary{cursor:pointer;color:var(--soft)}:focus-visible{outline:3px solid var(--c1);outline-offset:2px}
.clips{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1rem}.clips li{font-size:.85rem;line-height:1.35}.clips code{font-size:.8rem;overflow-wrap:anywhere}
.clip{display:block;position:relative;width:96px;height:96px;padding:0;border:1px solid var(--grid);border-radius:4px;overflow:hidden;cursor:pointer;background:none}
.film{display:block;width:96px;height:96px;background:var(--strip) 0 0/calc(var(--frames)*96px) 96px no-repeat}
.clip[aria-pressed=true] .film{animation:film calc(var(--frames)*.14s) steps(var(--frames)) infinite}@keyframes film{to{background-position-x:calc(var(--frames)*-96px)}}
.sign{position:absolute;left:4px;bottom:4px;width:20px;height:20px;border-radius:50%;background:#000a}.sign::after{content:"";position:absolute;left:7px;top:5px;border:solid transparent;border-width:5px 0 5px 8px;border-left-color:#fff}
.clip[aria-pressed=true] .sign::after{border:0;left:6px;width:8px;height:10px;background:linear-gradient(90deg,#fff 3px,#0000 3px 5px,#fff 5px)}.weights{display:block;margin-top:2px}
@media print{:root{--ink:#000;--paper:#fff;--soft:#444;--grid:#ccc;--accent:#2563a8;--c1:#b3541e;--c2:#2e7d4f;--c3:#7b3fa0}body{max-width:none;margin:0;font-size:11pt}
h2,h3{break-after:avoid}figure,svg,table,li,aside{break-inside:avoid}details::details-content{display:block;content-visibility:visible;block-size:auto}.sign{display:none}.confusion td,.film{print-color-adjust:exact;-webkit-print-color-adjust:exact}pre{white-space:pre-wrap}}
)";

/// Plays and stops a clip; the playing itself is an animation of the style above.
constexpr const char* kScript =
    R"(for(const clip of document.querySelectorAll('.clip'))clip.addEventListener('click',()=>{const on=clip.getAttribute('aria-pressed')!=='true';clip.setAttribute('aria-pressed',String(on));});)";

/// SHA-256 of kScript, so that the page runs this script and no other: `openssl dgst -sha256 -binary |
/// base64`.
constexpr const char* kScriptHash = "F4lH9yuq3GBxlLi96TNSxHZIgc/ly8x2jldd+H0U5iw=";

}  // namespace

std::string report_page(const std::string& title, const std::string& body) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; "
      "img-src data:; style-src 'unsafe-inline'; script-src 'sha256-";
  html += std::string(kScriptHash) + "'\"><title>ferv report: " + escape_html(title) + "</title><style>" +
          kStyle + "</style></head><body><main>\n<h1>" + escape_html(title) + "</h1>\n" + body +
          "<p class=\"soft\">Written by ferv " + std::string(version()) + ".</p></main><script>" + kScript +
          "</script></body></html>\n";
  return html;
}

}  // namespace ferv::evaluation

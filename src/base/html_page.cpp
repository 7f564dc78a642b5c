// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/html_page.h"

#include "ferv/base/base64.h"
#include "ferv/base/html.h"
#include "ferv/base/version.h"

namespace ferv {

std::string html_page(const HtmlPage& page) {
  std::string policy = "default-src 'none'; style-src 'unsafe-inline'";
  if (!page.policy.empty()) policy += "; " + std::string(page.policy);
  if (!page.scripts.empty()) policy += "; script-src";
  std::string scripts;
  for (const PageScript& script : page.scripts) {
    const auto* digest = reinterpret_cast<const std::uint8_t*>(script.sha256.data());
    policy += " 'sha256-" + encode_base64({digest, script.sha256.size()}) + "'";
    scripts += "<script>" + std::string(script.text) + "</script>";
  }
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" content=\"" +
         policy + "\"><title>" + escape_html(page.title) + "</title><style>" + std::string(page.style) +
         "</style></head><body><main>\n" + page.body + "<p class=\"soft\">Written by ferv " +
         std::string(version()) + ".</p></main>" + scripts + "</body></html>\n";
}

}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "viewer_frame.h"

#include "ferv/base/html_page.h"

namespace ferv::embedded {

extern const std::string_view viewer_css;
extern const std::string_view viewer_js;
extern const std::string_view viewer_js_sha256;

}  // namespace ferv::embedded

namespace ferv::inference {

std::string viewer_frame(const std::string& title, const std::string& body, const std::string& data) {
  HtmlPage page{.title = "ferv: " + title,
                .style = embedded::viewer_css,
                .body = body + "<script type=\"application/json\" id=\"data\">",
                .policy = "media-src data: file: 'self'",
                .scripts = {{embedded::viewer_js, embedded::viewer_js_sha256}}};
  // JSON may hold "</script>" in a name; an escape says the same to a reader of JSON.
  for (const char c : data) {
    if (c == '<') {
      page.body += "\\u003c";
    } else {
      page.body += c;
    }
  }
  page.body += "</script>";
  return html_page(page);
}

}  // namespace ferv::inference

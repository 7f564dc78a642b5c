// SPDX-License-Identifier: Apache-2.0
#include "report_page.h"

#include "ferv/base/html.h"
#include "ferv/base/html_page.h"

namespace ferv::embedded {

extern const std::string_view chart_js;
extern const std::string_view chart_js_sha256;
extern const std::string_view report_css;
extern const std::string_view report_js;
extern const std::string_view report_js_sha256;

}  // namespace ferv::embedded

namespace ferv::evaluation {

std::string report_page(const std::string& title, const std::string& body) {
  return html_page({.title = "ferv report: " + title,
                    .style = embedded::report_css,
                    .body = "<noscript><style>.chart{display:none}</style></noscript><h1>" +
                            escape_html(title) + "</h1>\n" + body,
                    .policy = "img-src data:",
                    .scripts = {{embedded::chart_js, embedded::chart_js_sha256},
                                {embedded::report_js, embedded::report_js_sha256}}});
}

}  // namespace ferv::evaluation

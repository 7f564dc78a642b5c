// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/html_page.h"

#include <gmock/gmock.h>

namespace ferv {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(HtmlPage, AllowsNothingButItsStyleUnlessAsked) {
  const std::string html = html_page({.title = "a<b", .style = "p{}", .body = "<p>c</p>"});
  EXPECT_THAT(html, AllOf(HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\">"),
                          HasSubstr("<title>a&lt;b</title><style>p{}</style>"), HasSubstr("<p>c</p>"),
                          Not(HasSubstr("script"))));
  EXPECT_THAT(html_page({.title = "", .style = "", .body = "", .policy = "img-src data:"}),
              HasSubstr("'unsafe-inline'; img-src data:\">"));
}

TEST(HtmlPage, NamesEachScriptInItsPolicyAndRunsThemInOrder) {
  const std::string first(32, '\0');
  const std::string second(32, '\xff');
  const std::string html = html_page(
      {.title = "", .style = "", .body = "<p>", .policy = "", .scripts = {{"one", first}, {"two", second}}});
  EXPECT_THAT(html, AllOf(HasSubstr("; script-src 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' "
                                    "'sha256-//////////////////////////////////////////8='\">"),
                          HasSubstr("</main><script>one</script><script>two</script></body>")));
}

}  // namespace
}  // namespace ferv
